// A bucket of s3rver for tests/e2e/bucket.sh. s3rver does not look at signatures of version 4, so a server in front of it
// signs each request anew with aws4, which many clients of S3 use, and refuses it if the two signatures differ.
//
//     node server.mjs FOLDER        with S3_KEY_ID, S3_SECRET, S3_REGION, S3_TOKEN; MODULES: where the packages are
//
// It prints "listening http://127.0.0.1:PORT", and heeds FOLDER.busy and FOLDER.hang as tests/e2e/bucket_server.c does.
import {createHash} from 'node:crypto';
import {appendFileSync, existsSync} from 'node:fs';
import {createServer, request as ask} from 'node:http';
import {createRequire} from 'node:module';

const modules = createRequire(`${process.env.MODULES}/`);
const aws4 = modules('aws4');
const S3rver = modules('s3rver');
const folder = process.argv[2];
const {S3_KEY_ID, S3_SECRET, S3_REGION, S3_TOKEN} = process.env;

// Only what the client says it has signed is signed again, under the names that aws4 looks for. The hash of the body is one
// of these headers; given the body itself, aws4 would sign more.
function signatureOf(request) {
    const [, list] = /SignedHeaders=([^,]*)/.exec(request.headers.authorization) ?? [];
    const headers = {};
    for (const name of (list ?? '').split(';'))
        headers[name === 'x-amz-date' ? 'X-Amz-Date' : name] = request.headers[name];
    const options = {service: 's3', region: S3_REGION, method: request.method, path: request.url, host: request.headers.host, headers};
    return aws4.sign(options, {accessKeyId: S3_KEY_ID, secretAccessKey: S3_SECRET, sessionToken: S3_TOKEN}).headers.Authorization;
}

function parts(authorization) {
    return Object.fromEntries([...(authorization ?? '').matchAll(/(\w+)=([^,\s]*)/g)].map(([, name, value]) => [name, value]));
}

function faultOf(request, body) {
    if (existsSync(`${folder}.busy`)) return [503, 'SlowDown'];
    const theirs = parts(request.headers.authorization);
    if (!theirs.Credential?.startsWith(`${S3_KEY_ID}/`)) return [403, 'InvalidAccessKeyId'];
    if (theirs.Credential.split('/')[2] !== S3_REGION) return [403, 'AuthorizationHeaderMalformed'];
    if (request.headers['x-amz-security-token'] !== S3_TOKEN) return [403, 'InvalidToken'];
    if (createHash('sha256').update(body).digest('hex') !== request.headers['x-amz-content-sha256']) return [400, 'XAmzContentSHA256Mismatch'];
    const ours = parts(signatureOf(request));
    if (ours.Signature !== theirs.Signature || ours.SignedHeaders !== theirs.SignedHeaders) return [403, 'SignatureDoesNotMatch'];
    return undefined;
}

const rver = new S3rver({address: '127.0.0.1', port: 0, silent: true, directory: folder, configureBuckets: [{name: 'etl-bronze'}]});
const {port} = await rver.run();

function note(request, status) {
    appendFileSync(`${folder}.log`, `${request.method} ${request.url} ${status}\n`);
}

function forward(request, body, response) {
    const {authorization, ...headers} = request.headers;
    const onward = ask({host: '127.0.0.1', port, method: request.method, path: request.url, headers}, (answer) => {
        note(request, answer.statusCode);
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
    });
    onward.end(body);
}

const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
        const body = Buffer.concat(pieces);
        const fault = faultOf(request, body);
        if (fault) {
            note(request, fault[0]);
            response.writeHead(fault[0]);
            response.end(`<Error><Code>${fault[1]}</Code><Message>${fault[1]}, it&#x27;s so</Message></Error>`);
        } else if (request.method === 'PUT' && existsSync(`${folder}.hang`)) {
            note(request, 0);
        } else {
            forward(request, body, response);
        }
    });
});
server.listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port}`));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
