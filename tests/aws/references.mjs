// Does everything that is referred to exist, is everything that is declared used, and does nothing wait for itself?
import { resourceType } from './specification.mjs';
import { functionOf, visitAll } from './template.mjs';

const PSEUDO = ['AccountId', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix', 'NotificationARNs'];
const isPseudo = name => name.startsWith('AWS::') && PSEUDO.includes(name.slice(5));

// The names in a !Sub, without ${!literal} and its own variables.
function namesInSub(argument) {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    return [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(match => match[1].trim()).filter(name => !(name in own));
}

export function checkReferences(template) {
    const { parameters, conditions, resources } = template;
    const problems = [], used = new Set(), waits = new Map();

    const refer = (name, path) => {
        used.add(name);
        if (!isPseudo(name) && !(name in parameters) && !(name in resources))
            problems.push(`${path}: reference to nothing: ${name}`);
    };
    const attribute = (name, attr, path) => {
        used.add(name);
        const known = resources[name] && resourceType(resources[name].Type);
        if (!resources[name])
            problems.push(`${path}: attribute of nothing: ${name}.${attr}`);
        else if (known && !(attr in known.attributes))
            problems.push(`${path}: ${resources[name].Type} has no attribute ${attr} (it has ${Object.keys(known.attributes).join(', ')})`);
    };
    const condition = (name, path) => {
        used.add('condition ' + name);
        if (!(name in conditions))
            problems.push(`${path}: condition that is nowhere: ${name}`);
    };
    const wait = (path, name) => {
        const from = /^\.Resources\.([^.]+)/.exec(path)?.[1];
        if (from && name in resources)
            waits.set(from, (waits.get(from) ?? new Set()).add(name));
    };

    visitAll(template.whole, '', (value, path) => {
        const name = functionOf(value), where = path.slice(1);
        if (name === 'Ref') {
            refer(value.Ref, where);
            wait(path, value.Ref);
        } else if (name === 'Fn::GetAtt') {
            attribute(value[name][0], value[name][1], where);
            wait(path, value[name][0]);
        } else if (name === 'Fn::Sub') {
            for (const one of namesInSub(value[name])) {
                const [target, ...rest] = one.split('.');
                rest.length ? attribute(target, rest.join('.'), where) : refer(one, where);
                wait(path, target);
            }
        } else if (name === 'Fn::If') {
            condition(value[name][0], where);
        } else if (name === 'Condition') {
            condition(value.Condition, where);
        }
    });
    for (const [name, resource] of Object.entries(resources)) {
        if (resource.Condition)
            condition(resource.Condition, `Resources.${name}.Condition`);
        for (const other of [resource.DependsOn ?? []].flat())
            refer(other, `Resources.${name}.DependsOn`);
    }
    for (const group of template.metadata['AWS::CloudFormation::Interface']?.ParameterGroups ?? [])
        for (const name of group.Parameters)
            if (!(name in parameters))
                problems.push(`Metadata: the interface names a parameter that is nowhere: ${name}`);
    for (const name of Object.keys(parameters))
        if (!used.has(name))
            problems.push(`Parameters.${name}: nothing uses it`);
    for (const name of Object.keys(conditions))
        if (!used.has('condition ' + name))
            problems.push(`Conditions.${name}: nothing uses it`);
    return [...problems, ...checkDefaults(parameters), ...circles(waits)];
}

function circles(waits) {
    const problems = [], done = new Set();
    const walk = (name, path) => {
        if (path.includes(name))
            problems.push(`Resources: these wait for each other: ${[...path.slice(path.indexOf(name)), name].join(' → ')}`);
        if (path.includes(name) || done.has(name))
            return;
        for (const other of waits.get(name) ?? [])
            walk(other, [...path, name]);
        done.add(name);
    };
    [...waits.keys()].forEach(name => walk(name, []));
    return problems;
}

// A default that its own parameter does not allow is refused only when somebody deploys.
function checkDefaults(parameters) {
    const problems = [];
    for (const [name, own] of Object.entries(parameters)) {
        const value = String(own.Default ?? ''), say = words => problems.push(`Parameters.${name}: its default ${value} ${words}`);
        if (!('Default' in own))
            continue;
        if (own.AllowedValues && !own.AllowedValues.map(String).includes(value))
            say(`is none of ${own.AllowedValues.join(', ')}`);
        if (own.AllowedPattern && !new RegExp(own.AllowedPattern).test(value))
            say(`is not ${own.AllowedPattern}`);
        if (Number(value) < own.MinValue || Number(value) > own.MaxValue)
            say(`is not within ${own.MinValue} and ${own.MaxValue}`);
    }
    return problems;
}
