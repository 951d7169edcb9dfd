// Who hears of what: the patterns of the rules against events of ECS as AWS documents them, and the metric filter against the
// line that the program really writes.
import { resourcesOf } from './template.mjs';

const CLUSTER = 'arn:aws:ecs:sa-east-1:111122223333:cluster/etl-sigos';

// An "ECS Task State Change": what of it the rules look at.
const event = (lastStatus, more, container) => ({
    source: 'aws.ecs', 'detail-type': 'ECS Task State Change',
    detail: {
        clusterArn: CLUSTER, taskArn: CLUSTER.replace('cluster', 'task') + '/0123', lastStatus, stoppedAt: '2026-11-27T12:31:00Z',
        containers: [{ name: 'etl-sigos', lastStatus, ...container }], overrides: { containerOverrides: [{ name: 'etl-sigos', command: ['full'] }] }, ...more,
    },
});
const ended = code => event('STOPPED', { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' }, { exitCode: code });
const CASES = [
    ['a run that succeeded', ended(0), []],
    ['a run that failed', ended(1), ['RunFailed']],
    ['a run that was held', ended(4), ['RunFailed']],
    ['a run that ran out of memory', ended(137), ['RunFailed']],
    ['a run that Spot stopped', event('STOPPED', { stopCode: 'SpotInterruption', stoppedReason: 'Spot' }, { exitCode: 143 }), ['RunFailed']],
    ['a run that runs', event('RUNNING', {}, {}), []],
    ['an image that is not there', event('STOPPED', { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError' }, {}), ['TaskNotStarted']],
    ['a failure in another cluster', { ...ended(1), detail: { ...ended(1).detail, clusterArn: CLUSTER + '-2' } }, []],
];

// An EventBridge pattern: a list of values or of {anything-but: VALUE}, maps within maps; a list in the event matches by any.
function matches(pattern, value) {
    if (Array.isArray(value))
        return value.some(item => matches(pattern, item));
    if (!Array.isArray(pattern))
        return value !== undefined && value !== null && Object.entries(pattern).every(([key, inner]) => matches(inner, value[key]));
    return value !== undefined && pattern.some(wanted => {
        if (wanted?.['Fn::GetAtt']?.[0] === 'Cluster')
            return value === CLUSTER;
        return wanted && typeof wanted === 'object' && 'anything-but' in wanted ? value !== wanted['anything-but'] : value === wanted;
    });
}

// What a JSON path such as $.detail.containers[0].exitCode finds.
const follow = (path, value) => path.replace(/^\$\.?/, '').split(/[.[\]]+/).filter(Boolean).reduce((at, key) => at?.[key], value);

function checkRules(template) {
    const problems = [], rules = resourcesOf(template, 'AWS::Events::Rule');
    for (const [words, sample, wanted] of CASES) {
        const heard = rules.filter(([, rule]) => matches(rule.Properties.EventPattern ?? {}, sample)).map(([name]) => name);
        if (heard.sort().join() !== wanted.join())
            problems.push(`Resources: of ${words} ${heard.join(' and ') || 'no rule'} tells, not ${wanted.join(' and ') || 'none'}`);
        for (const name of heard)
            for (const target of template.resources[name].Properties.Targets ?? [])
                problems.push(...checkTransformer(name, target.InputTransformer, sample));
    }
    return problems;
}

function checkTransformer(name, transformer, sample) {
    const template = transformer?.InputTemplate?.['Fn::Sub'] ?? transformer?.InputTemplate ?? '""', paths = transformer?.InputPathsMap ?? {};
    const problems = [];
    for (const [, word] of String(template).matchAll(/<([^>]+)>/g))
        if (!(word in paths))
            problems.push(`Resources.${name}: its message names <${word}>, which InputPathsMap does not have`);
    for (const [word, path] of Object.entries(paths))
        if (follow(path, sample) === undefined)
            problems.push(`Resources.${name}: ${word} is nowhere in the event: ${path}`);
    try {
        JSON.parse(String(template));
    } catch (fault) {
        problems.push(`Resources.${name}: its message is no JSON text: ${fault.message}`);
    }
    return problems;
}

// The patterns of metric filters that are known here: { ($.name = value) && … }.
function filterMatches(pattern, line) {
    const inner = /^\{\s*(.*?)\s*\}$/s.exec(pattern)?.[1] ?? '';
    return inner.split('&&').every(term => {
        const [, path, text] = /^\s*\(?\s*(\$\.[\w.]+)\s*=\s*("[^"]*"|[\d.]+)\s*\)?\s*$/.exec(term) ?? [];
        return path !== undefined && follow(path, line) === JSON.parse(text);
    });
}

// `ending`: the line with which a run of the program really ended, or undefined.
export function checkEvents(template, ending) {
    const problems = checkRules(template);
    for (const [name, filter] of resourcesOf(template, 'AWS::Logs::MetricFilter')) {
        const pattern = filter.Properties.FilterPattern;
        if (ending && !filterMatches(pattern, ending))
            problems.push(`Resources.${name}: its pattern misses the line of a run that succeeded: ${JSON.stringify(ending)}`);
        for (const wrong of [{ event: 'run.ended', exit_code: 3 }, { event: 'run.started' }, { event: 'window.loaded', exit_code: 0 }])
            if (filterMatches(pattern, wrong))
                problems.push(`Resources.${name}: its pattern counts ${JSON.stringify(wrong)} as a success`);
    }
    return problems;
}
