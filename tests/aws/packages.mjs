// The npm packages, which tests/aws/run installs into build/aws-test and not beside these files.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const need = createRequire(ROOT + 'build/aws-test/package.json');

export const YAML = need('yaml');
export const { loadAwsServiceSpecSync } = need('@aws-cdk/aws-service-spec');
