// Does every resource have the properties that AWS's specification knows, of the right types, and those that are required?
import { loadAwsServiceSpecSync } from './packages.mjs';
import { alternatives, functionOf } from './template.mjs';

const spec = loadAwsServiceSpecSync();
export const resourceType = type => spec.lookup('resource', 'cloudFormationType', 'equals', type)[0];

const SCALARS = {
    string: value => typeof value === 'string' || typeof value === 'number',
    integer: value => Number.isInteger(Number(value)) && typeof value !== 'boolean' && value !== '',
    number: value => !Number.isNaN(Number(value)) && typeof value !== 'boolean' && value !== '',
    boolean: value => [true, false, 'true', 'false'].includes(value),
    'date-time': value => typeof value === 'string',
};

// Attributes that each resource may have beside its properties.
const BESIDE = ['Type', 'Properties', 'Condition', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata', 'CreationPolicy', 'UpdatePolicy'];

export function checkSpecification(template) {
    const problems = [];
    const say = (path, words) => problems.push(`${path}: ${words}`);

    // What a parameter can be, as values.
    const parameterValues = parameter => parameter.AllowedValues ?? ('Default' in parameter ? [parameter.Default] : []);

    const checkFunction = (name, value, type, path) => {
        const parameter = name === 'Ref' && template.parameters[value.Ref];
        const isList = name === 'Fn::Split' || parameter && /^(List<|CommaDelimitedList)/.test(parameter.Type);
        if (isList !== false && isList !== undefined && isList && type.type !== 'array')
            say(path, `a list where ${type.type} is wanted`);
        else if (!isList && ['array', 'ref', 'map'].includes(type.type) && name !== 'Fn::FindInMap' && name !== 'Fn::Select')
            say(path, `${name} gives a text where ${type.type === 'array' ? 'a list' : 'a map'} is wanted`);
        else if (parameter && SCALARS[type.type])
            parameterValues(parameter).filter(one => one !== '').forEach(one => checkType(one, type, path));
    };

    const checkProperties = (value, properties, path) => {
        for (const key of Object.keys(value))
            if (!properties[key])
                say(`${path}.${key}`, 'unknown property');
            else
                checkType(value[key], properties[key].type, `${path}.${key}`);
        for (const [key, property] of Object.entries(properties))
            if (property.required && (!(key in value) || alternatives(value[key]).length === 0))
                say(path, `required property ${key} is missing`);
    };

    const checkMembers = (value, type, path) => {
        if (type.type === 'array') {
            if (!Array.isArray(value))
                return say(path, 'a list is wanted');
            return value.forEach((item, i) => checkType(item, type.element, `${path}[${i}]`));
        }
        if (typeof value !== 'object' || value === null || Array.isArray(value))
            return say(path, 'a map is wanted');
        if (type.type === 'map')
            return Object.entries(value).forEach(([key, item]) => checkType(item, type.element, `${path}.${key}`));
        const properties = type.type === 'tag' ? { Key: { type: { type: 'string' }, required: true }, Value: { type: { type: 'string' }, required: true } }
            : spec.get('typeDefinition', type.reference.$ref).properties;
        return checkProperties(value, properties, path);
    };

    const checkUnion = (value, type, path) => {
        const before = problems.length, faults = [];
        for (const one of type.types) {
            checkType(value, one, path);
            const found = problems.splice(before);
            if (found.length === 0)
                return;
            faults.push(...found);
        }
        problems.push(...new Set(faults));
    };

    function checkType(whole, type, path) {
        for (const value of alternatives(whole)) {
            const name = functionOf(value);
            if (name) {
                checkFunction(name, value, type, path);
            } else if (type.type === 'union') {
                checkUnion(value, type, path);
            } else if (type.type === 'json') {
                if (value === null || typeof value !== 'object')
                    say(path, 'a map is wanted');
            } else if (SCALARS[type.type]) {
                if (!SCALARS[type.type](value) || value === null)
                    say(path, `${JSON.stringify(value)} where ${type.type} is wanted`);
                else if (type.allowedValues && !type.allowedValues.map(String).includes(String(value)))
                    say(path, `${JSON.stringify(value)} is none of ${type.allowedValues.join(', ')}`);
            } else {
                checkMembers(value, type, path);
            }
        }
    }

    for (const [name, resource] of Object.entries(template.resources)) {
        const known = resourceType(resource.Type);
        for (const key of Object.keys(resource))
            if (!BESIDE.includes(key))
                say(`Resources.${name}.${key}`, 'unknown attribute of a resource');
        if (!known)
            say(`Resources.${name}`, `unknown type ${resource.Type}`);
        else
            checkProperties(resource.Properties ?? {}, known.properties, `Resources.${name}`);
    }
    return problems;
}
