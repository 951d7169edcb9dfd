// node template_test.mjs TEMPLATE STARTS LOG: the template is right, and mistakes planted into it are found. Prints as
// tests/support/e2e.bash does: "ok - sentence", "not ok - sentence" and why.
import { readFileSync } from 'node:fs';
import { check, readProgram } from './check.mjs';

const [templatePath, startsPath, logPath] = process.argv.slice(2);
const template = readFileSync(templatePath, 'utf8');
const program = readProgram(readFileSync(startsPath, 'utf8'), logPath ? readFileSync(logPath, 'utf8') : '');
let failed = 0;

function result(sentence, faults) {
    console.log(`${faults.length ? 'not ok' : 'ok'} - ${sentence}`);
    faults.forEach(fault => console.log(`    ${fault}`));
    failed += faults.length ? 1 : 0;
}

// [sentence, text of the template, what is put in its place, what the check must say]
const MISTAKES = [
    ['an unknown property', 'ReadonlyRootFilesystem: true', 'ReadOnlyRootFilesystem: true', /ContainerDefinitions\[0\]\.ReadOnlyRootFilesystem: unknown property/],
    ['a missing required property', /\n {6}ScheduleExpression: cron\(0 10[^\n]*/, '', /Resources\.Full: required property ScheduleExpression is missing/],
    ['a property of a wrong type', 'StopTimeout: 60', 'StopTimeout: a minute', /StopTimeout: "a minute" where integer is wanted/],
    ['a reference to nothing', 'SecurityGroups: !Ref SecurityGroupIds', 'SecurityGroups: !Ref SecurityGroups', /SecurityGroups: reference to nothing: SecurityGroups/],
    ['a reference to nothing in a Sub', '${Repository.RepositoryUri}:${ImageTag}', '${Repository.RepositoryUri}:${Tag}', /Image: reference to nothing: Tag/],
    ['an attribute that is not there', '!GetAtt DeadLetters.QueueUrl', '!GetAtt DeadLetters.Url', /AWS::SQS::Queue has no attribute Url/],
    ['hours that are not those of the timetable', 'cron(30 9-18 ?', 'cron(30 9-17 ?', /Resources\.Incremental: does not start at .*T21:30/],
    ['a day that is not that of the timetable', 'cron(0 10 ? * SUN *)', 'cron(0 10 ? * SAT *)', /Resources\.Full: starts at .*T13:00/],
    ['a cron expression of five fields', 'cron(0 10 ? * SUN *)', 'cron(0 10 * * SUN)', /Resources\.Full: .*six fields/],
    ['UTC', 'ScheduleExpressionTimezone: America/Sao_Paulo', 'ScheduleExpressionTimezone: UTC', /Resources\.Incremental: its time zone is UTC/],
    ['a zone that only today has the same hours', 'ScheduleExpressionTimezone: America/Sao_Paulo', 'ScheduleExpressionTimezone: America/Fortaleza', /Resources\.Incremental: its time zone is America\/Fortaleza/],
    ['an Input that is not in quotes', `'{"containerOverrides":[{"name":"etl-sigos","command":["full"]}]}'`, '{"containerOverrides":[{"name":"etl-sigos","command":["full"]}]}', /Resources\.Full: its Input is not a text/],
    ['an Input with capital letters', '{"containerOverrides":[{"name":"etl-sigos","command":["full"', '{"ContainerOverrides":[{"name":"etl-sigos","command":["full"', /Resources\.Full: its Input has keys .*ContainerOverrides/],
    ['an Input that names another container', '"name":"etl-sigos","command":["full"]', '"name":"etl","command":["full"]', /Resources\.Full: its Input names a container that the task does not have: etl/],
    ['an action with a star', 'Action: ecs:RunTask', "Action: 'ecs:*'", /SchedulerRole.*the action ecs:\* allows more/],
    ['a resource with a star and without a reason', /Resource: !GetAtt LogGroup\.Arn/, "Resource: '*'", /ExecutionRole.*the resource \* without a comment/],
    ['a secret in Environment', '- {Name: LOG_FORMAT, Value: json}', '- {Name: SIGOS_SENHA, Value: abc123}', /the secret SIGOS_SENHA is in plain Environment/],
    ['a secret that the role may not read', /\n {18}- !Ref DatabaseSecretArn/, '', /may not read DatabaseSecretArn/],
    ['a schedule without a dead-letter queue', /\n {8}DeadLetterConfig:[^\n]*/, '', /Resources\.Incremental: no dead-letter queue/],
    ['a schedule without retries', /\n {8}RetryPolicy:[^\n]*3,[^\n]*/, '', /Resources\.Incremental: no RetryPolicy/],
    ['OFF without its quotes', "Mode: 'OFF'", 'Mode: OFF', /FlexibleTimeWindow\.Mode: false where string is wanted/],
    ['an alias of YAML', 'Topics: [!Ref Alerts]', 'Topics: &a [!Ref Alerts]\n      Extra: *a', /an alias of YAML/],
    ['an alarm that complains of the timetable itself', 'MinValue: 24', 'MinValue: 20', /NoSuccessAlarm: may complain after 72000 s/],
    ['a default that its parameter does not allow', "Default: '1024'", "Default: '1000'", /Parameters\.Memory: its default 1000 is none of/],
    ['two resources that wait for each other', 'DisplayName: etl-sigos', 'DisplayName: !GetAtt NoSuccessAlarm.Arn', /wait for each other: .*Alerts/],
    ['a rule that does not hear of exit codes', 'anything-but: 0', 'anything-but: 1', /of a run that failed no rule tells/],
    ['a filter that misses the success', '$.event = "run.ended"', '$.event = "run.end"', program.ending && /Successes: its pattern misses/],
    ['a variable that the program does not read', 'Name: LOG_FORMAT', 'Name: LOG_FORM', /reads no variable LOG_FORM/],
    ['a root that can be written', 'ReadonlyRootFilesystem: true', 'ReadonlyRootFilesystem: false', /its root can be written/],
];

const good = check(template, program);
result('the template is what AWS\'s specification, the program\'s timetable and its log want', good.problems);
result('the starts of two years were compared, and there is a rule for every kind of end',
    good.compared > 6000 ? [] : [`only ${good.compared} starts`]);
for (const [sentence, from, to, wanted] of MISTAKES) {
    if (!wanted) {
        console.log(`skip - ${sentence} is found: there is no log of a run here`);
        continue;
    }
    const planted = template.replace(from, () => to);
    const { problems } = planted === template ? { problems: ['(the mistake was not planted: its text is not in the template)'] } : check(planted, program);
    result(`${sentence} is found`, problems.some(problem => wanted.test(problem)) ? []
        : [`wanted: ${wanted}`, ...problems.length ? problems : ['nothing was found']]);
}
console.log(`# ${good.resources} resources, ${good.compared} starts, ${MISTAKES.length} mistakes`);
process.exit(failed ? 1 : 0);
