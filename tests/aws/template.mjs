// Reads a CloudFormation template as CloudFormation does: YAML 1.1 (OFF is false), the short forms of its functions, no aliases.
import { YAML } from './packages.mjs';

const FUNCTIONS = ['And', 'Equals', 'FindInMap', 'GetAtt', 'If', 'Join', 'Not', 'Or', 'Select', 'Split', 'Sub'];

// {parameters, conditions, rules, resources, outputs, metadata, lines, problems}; lines: path → text of its line in the file.
export function readTemplate(text) {
    const counter = new YAML.LineCounter();
    const ignored = [...FUNCTIONS.map(name => '!' + name), '!Ref', '!Condition'];
    const document = YAML.parseDocument(text, {
        version: '1.1', lineCounter: counter, keepSourceTokens: true, merge: false,
        customTags: tags => [...tags, ...ignored.flatMap(tag => [
            { tag, resolve: value => value },
            { tag, collection: 'seq', resolve: value => value },
            { tag, collection: 'map', resolve: value => value },
        ])],
    });
    const problems = [...document.errors, ...document.warnings].map(fault => `the file: ${fault.message}`);
    const source = text.split('\n'), lines = new Map();

    const plain = node => {
        if (YAML.isMap(node))
            return Object.fromEntries(node.items.map(pair => [String(pair.key.value), walk(pair.value)]));
        return YAML.isSeq(node) ? node.items.map(walk) : node?.value ?? null;
    };
    const walk = node => {
        if (YAML.isAlias(node)) {
            problems.push(`line ${counter.linePos(node.range[0]).line}: an alias of YAML, which CloudFormation does not know`);
            return null;
        }
        const value = plain(node), tag = node?.tag ?? '';
        if (tag === '!Ref' || tag === '!Condition')
            return { [tag.slice(1)]: value };
        if (tag === '!GetAtt' && typeof value === 'string')
            return { 'Fn::GetAtt': [value.split('.')[0], value.split('.').slice(1).join('.')] };
        return tag.startsWith('!') ? { ['Fn::' + tag.slice(1)]: value } : value;
    };
    const place = (node, path) => {
        if (node?.range)
            lines.set(path, source[counter.linePos(node.range[0]).line - 1]);
        if (YAML.isMap(node))
            node.items.forEach(pair => place(pair.value, `${path}.${pair.key.value}`));
        if (YAML.isSeq(node))
            node.items.forEach((item, i) => place(item, `${path}[${i}]`));
    };
    const whole = walk(document.contents) ?? {};
    place(document.contents, '');
    return {
        parameters: whole.Parameters ?? {}, conditions: whole.Conditions ?? {}, rules: whole.Rules ?? {},
        resources: whole.Resources ?? {}, outputs: whole.Outputs ?? {}, metadata: whole.Metadata ?? {}, whole, lines, problems,
    };
}

// The name of the function that an object calls, or undefined for a plain value.
export function functionOf(value) {
    const keys = value && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
    return keys.length === 1 && (keys[0] === 'Ref' || keys[0] === 'Condition' && typeof value.Condition === 'string'
        || keys[0].startsWith('Fn::')) ? keys[0] : undefined;
}

// Calls visit(value, path) for a value and all that is in it.
export function visitAll(value, path, visit) {
    visit(value, path);
    if (Array.isArray(value))
        value.forEach((item, i) => visitAll(item, `${path}[${i}]`, visit));
    else if (value && typeof value === 'object')
        for (const [key, item] of Object.entries(value))
            visitAll(item, `${path}.${key}`, visit);
}

// All values that an !If can give, without AWS::NoValue.
export function alternatives(value) {
    if (functionOf(value) === 'Fn::If')
        return value['Fn::If'].slice(1).flatMap(alternatives);
    return value?.Ref === 'AWS::NoValue' ? [] : [value];
}

export const resourcesOf = (template, type) =>
    Object.entries(template.resources).filter(([, resource]) => resource.Type === type);
