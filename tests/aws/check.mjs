// Checks a template: check(text) gives {problems, compared}. tests/aws/template_test.mjs calls it.
import { readdirSync, readFileSync } from 'node:fs';
import { checkEvents } from './events.mjs';
import { checkFargate } from './fargate.mjs';
import { ROOT } from './packages.mjs';
import { checkPrivileges, checkSecrets } from './privileges.mjs';
import { checkReferences } from './references.mjs';
import { checkSchedules } from './schedules.mjs';
import { checkSpecification } from './specification.mjs';
import { readTemplate } from './template.mjs';

// Variables that the program does not read yet.
const PLANNED = ['PING_URL', 'ALERT_WEBHOOK_URL', 'ALERT_FORMAT'];

// All C of the program as one text: a variable that is read stands there in quotes.
function sourcesIn(folder) {
    return readdirSync(folder, { withFileTypes: true }).map(entry => entry.isDirectory() ? sourcesIn(`${folder}/${entry.name}`)
        : entry.name.endsWith('.c') ? readFileSync(`${folder}/${entry.name}`, 'utf8') : '').join('\n');
}
const sources = sourcesIn(ROOT + 'src');
const zone = /^zone:\s*(\S+)/m.exec(readFileSync(ROOT + 'profiles/sigos/portal.yaml', 'utf8'))[1];

// `starts`: what `etl-sigos schedule --next N --json` prints. `log`: that of a run that succeeded, or ''.
export function readProgram(starts, log) {
    const lines = text => text.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));
    return {
        starts: lines(starts).map(one => ({ at: Date.parse(one.at), mode: one.mode })),
        ending: lines(log).find(line => line.event === 'run.ended'),
    };
}

export function check(text, program) {
    const template = readTemplate(text);
    const problems = [...template.problems, ...checkSpecification(template), ...checkReferences(template)];
    // Larger ones must be put into S3 first, which `aws cloudformation deploy` does only if it is told of a bucket.
    if (Buffer.byteLength(text) > 51200)
        problems.push(`the file: ${Buffer.byteLength(text)} bytes; CloudFormation takes 51200`);
    let compared = 0;
    // What follows takes the template for whole: it would stumble over what was just found.
    const attempt = part => {
        try {
            problems.push(...part());
        } catch (fault) {
            if (problems.length === 0)
                throw fault;
        }
    };
    attempt(() => {
        const schedules = checkSchedules(template, program.starts, zone);
        compared = schedules.compared;
        return schedules.problems;
    });
    attempt(() => checkPrivileges(template));
    attempt(() => checkSecrets(template, sources, PLANNED));
    attempt(() => checkEvents(template, program.ending));
    attempt(() => checkFargate(template));
    return { problems, compared, resources: Object.keys(template.resources).length };
}
