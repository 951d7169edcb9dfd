// When the schedules start which cycle, against the program's own timetable; and what happens to a start that fails.
import { startsOf } from './cron.mjs';
import { resourcesOf } from './template.mjs';

// What RunTask takes as an override (TaskOverride and ContainerOverride of the ECS API).
const TASK_KEYS = ['containerOverrides', 'cpu', 'memory', 'ephemeralStorage', 'executionRoleArn', 'taskRoleArn', 'inferenceAcceleratorOverrides'];
const CONTAINER_KEYS = ['name', 'command', 'environment', 'environmentFiles', 'cpu', 'memory', 'memoryReservation', 'resourceRequirements'];
const MODES = ['incremental', 'full'];
// field.md: how often and how long a start is tried, in seconds; the longest that is not stale for the next start.
const PATIENCE = { incremental: 3600, full: 12 * 3600 };

const containersOf = template => resourcesOf(template, 'AWS::ECS::TaskDefinition').flatMap(([, task]) => task.Properties.ContainerDefinitions);

// The cycle that an Input starts, or undefined; what is wrong with it goes into `problems`.
function readInput(template, name, input, problems) {
    const say = words => problems.push(`Resources.${name}: its Input ${words}`);
    if (typeof input !== 'string')
        return void say('is not a text that holds JSON: Unable to convert target input to TaskOverride');
    let override;
    try {
        override = JSON.parse(input);
    } catch (fault) {
        return void say(`is no JSON: ${fault.message}`);
    }
    const [container, ...more] = override.containerOverrides ?? [];
    const strange = [...Object.keys(override).filter(key => !TASK_KEYS.includes(key)), ...Object.keys(container ?? {}).filter(key => !CONTAINER_KEYS.includes(key))];
    if (strange.length)
        say(`has keys that no override of RunTask has: ${strange.join(', ')}`);
    if (!container || more.length)
        return void say('overrides not exactly one container');
    if (!containersOf(template).some(one => one.Name === container.name))
        say(`names a container that the task does not have: ${container.name}`);
    const command = container.command;
    if (!Array.isArray(command) || command.length !== 1 || !MODES.includes(command[0]))
        return void say(`runs no cycle of the program: ${JSON.stringify(command)}`);
    return command[0];
}

function checkFailures(template, name, target, mode, problems) {
    const say = words => problems.push(`Resources.${name}: ${words}`);
    const queue = target.DeadLetterConfig?.Arn?.['Fn::GetAtt'];
    if (!queue)
        say('no dead-letter queue');
    else if (template.resources[queue[0]]?.Type !== 'AWS::SQS::Queue' || queue[1] !== 'Arn')
        say('its dead-letter queue is none');
    else if (!JSON.stringify(template.resources[target.RoleArn?.['Fn::GetAtt']?.[0]] ?? '').includes(`"Resource":${JSON.stringify(target.DeadLetterConfig.Arn)}`))
        say('its role may not send to its dead-letter queue');
    const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = target.RetryPolicy ?? {};
    if (!(attempts >= 1 && attempts <= 185))
        say('no RetryPolicy with 1 to 185 attempts');
    if (!(age >= 60 && age < PATIENCE[mode]))
        say(`MaximumEventAgeInSeconds is to be 60 to ${PATIENCE[mode]}: an older start is stale`);
}

// `program`: the program's own starts, [{at: milliseconds, mode}] in order, of two years. `zone`: that of the profile.
export function checkSchedules(template, program, zone) {
    const problems = [], truth = [], first = program[0].at, last = program.at(-1).at;
    const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule');
    if ((last - first) / 86400000 < 730)
        problems.push(`the program's starts are of ${Math.floor((last - first) / 86400000)} days only`);
    for (const [name, { Properties: own }] of schedules) {
        const mode = readInput(template, name, own.Target.Input, problems);
        checkFailures(template, name, own.Target, mode ?? 'full', problems);
        if (own.FlexibleTimeWindow?.Mode !== 'OFF')
            problems.push(`Resources.${name}: FlexibleTimeWindow is not OFF`);
        if (own.ScheduleExpressionTimezone !== zone)
            problems.push(`Resources.${name}: its time zone is ${own.ScheduleExpressionTimezone ?? 'UTC'}, that of the profile ${zone}`);
        try {
            const starts = startsOf(own.ScheduleExpression, own.ScheduleExpressionTimezone ?? 'UTC', first, last).map(at => ({ at, mode }));
            compare(name, starts, program.filter(one => one.mode === mode), problems);
            truth.push(...starts);
        } catch (fault) {
            problems.push(`Resources.${name}: ${own.ScheduleExpression}: ${fault.message}`);
        }
    }
    for (const mode of MODES)
        if (!truth.some(one => one.mode === mode))
            problems.push(`Resources: no schedule starts ${mode} cycles`);
    checkTrust(template, problems);
    checkAlarm(template, program, problems);
    return { problems, compared: truth.length };
}

function compare(name, starts, program, problems) {
    const wanted = new Set(program.map(one => one.at)), got = new Set(starts.map(one => one.at));
    const odd = starts.find(one => !wanted.has(one.at)), missing = program.find(one => !got.has(one.at));
    if (odd)
        problems.push(`Resources.${name}: starts at ${new Date(odd.at).toISOString()}, when the program's timetable does not`);
    if (missing)
        problems.push(`Resources.${name}: does not start at ${new Date(missing.at).toISOString()}, when the program's timetable does`);
}

// The role trusts the group in which the schedules are, and no schedule is in another one.
function checkTrust(template, problems) {
    const groups = resourcesOf(template, 'AWS::Scheduler::ScheduleGroup');
    for (const [name, { Properties: own }] of resourcesOf(template, 'AWS::Scheduler::Schedule'))
        if (!groups.some(([group]) => group === own.GroupName?.Ref))
            problems.push(`Resources.${name}: is in no schedule group of this stack`);
    const trust = JSON.stringify(template.resources.SchedulerRole?.Properties.AssumeRolePolicyDocument ?? '');
    for (const [name, { Properties: own }] of groups)
        if (!trust.includes(`schedule-group/\${${own.Name?.Ref}}"`))
            problems.push(`Resources.SchedulerRole: does not trust the schedule group ${name}`);
}

// The alarm "no success" must outlast the longest wait of the timetable, and CloudWatch looks back seven days at most.
function checkAlarm(template, program, problems) {
    const gap = Math.max(...program.slice(1).map((one, i) => one.at - program[i].at)) / 1000;
    for (const [name, { Properties: own }] of resourcesOf(template, 'AWS::CloudWatch::Alarm')) {
        const periods = template.parameters[own.EvaluationPeriods?.Ref] ?? { MinValue: own.EvaluationPeriods, MaxValue: own.EvaluationPeriods };
        const most = own.Period >= 3600 ? 7 * 86400 : 86400;
        if (!(own.Period * periods.MaxValue <= most))
            problems.push(`Resources.${name}: looks back ${own.Period * periods.MaxValue} s, CloudWatch at most ${most}`);
        if (own.TreatMissingData === 'breaching' && !(own.Period * periods.MinValue > gap))
            problems.push(`Resources.${name}: may complain after ${own.Period * periods.MinValue} s, and the timetable itself waits ${gap}`);
    }
    if (!resourcesOf(template, 'AWS::CloudWatch::Alarm').some(([, { Properties: own }]) => own.TreatMissingData === 'breaching'))
        problems.push('Resources: no alarm complains when nothing succeeds');
}
