// Least privilege, and no secret where everybody who may look at a task definition reads it.
import { alternatives, resourcesOf, visitAll } from './template.mjs';

const SECRET_NAME = /SENHA|PASS|SECRET|TOKEN|USUARIO|DB_USER|DATABASE_URL|PING_URL|WEBHOOK_URL|PROXY/;

const policiesIn = template => {
    const found = [];
    visitAll(template.whole, '', (value, path) => {
        if (value && typeof value === 'object' && !Array.isArray(value) && value.Statement)
            found.push([value, path]);
    });
    return found;
};
const list = value => [value ?? []].flat().flatMap(alternatives);

function checkStatement(template, statement, path) {
    const problems = [], say = words => problems.push(`${path.slice(1)}: ${words}`);
    const explained = /#.*\breason:/.test(template.lines.get(path + '.Resource') ?? '');
    for (const action of list(statement.Action))
        if (String(action).includes('*'))
            say(`the action ${action} allows more than is needed`);
    if (list(statement.Resource).includes('*') && !explained)
        say('the resource * without a comment "# reason: …" in its line');
    if (statement.NotAction || statement.NotResource || statement.NotPrincipal)
        say('a statement by exclusion allows what nobody thought of');
    if (statement.Principal === '*' || list(statement.Principal?.AWS).includes('*'))
        say('everybody is its principal');
    if (list(statement.Action).includes('iam:PassRole') && !statement.Condition?.StringEquals?.['iam:PassedToService'])
        say('iam:PassRole without iam:PassedToService');
    return problems;
}

export function checkPrivileges(template) {
    const problems = [];
    for (const [policy, path] of policiesIn(template)) {
        if (policy.Version !== '2012-10-17')
            problems.push(`${path.slice(1)}: its version is not '2012-10-17' (in quotes)`);
        policy.Statement.forEach((whole, i) => alternatives(whole).forEach(statement =>
            problems.push(...checkStatement(template, statement, `${path}.Statement[${i}]`))));
    }
    for (const [name, role] of resourcesOf(template, 'AWS::IAM::Role'))
        for (const policy of role.Properties.ManagedPolicyArns ?? [])
            problems.push(`Resources.${name}: the managed policy ${JSON.stringify(policy)} allows what this stack does not need`);
    return problems;
}

// The names of the variables that a container is given.
const namesOf = (container, key) => (container[key] ?? []).flatMap(alternatives).map(one => [one.Name, one.Value ?? one.ValueFrom]);

// `sources`: the program's text, in which a variable that it reads is found.
export function checkSecrets(template, sources, planned) {
    const problems = [], readable = JSON.stringify(policiesIn(template).filter(([, path]) => path.startsWith('.Resources.ExecutionRole')));
    for (const [name, task] of resourcesOf(template, 'AWS::ECS::TaskDefinition'))
        for (const container of task.Properties.ContainerDefinitions) {
            const where = `Resources.${name}.${container.Name}`;
            for (const [variable, value] of namesOf(container, 'Environment'))
                if (SECRET_NAME.test(variable) || /resolve:(secretsmanager|ssm-secure)|\w:\/\/[^/]*:[^/]*@/.test(JSON.stringify(value)))
                    problems.push(`${where}: the secret ${variable} is in plain Environment`);
            for (const [variable, from] of namesOf(container, 'Secrets')) {
                const parameter = from?.Ref ?? /^\$\{(\w+)\}(:\w+::)?$/.exec(from?.['Fn::Sub'] ?? '')?.[1];
                if (!(parameter in template.parameters))
                    problems.push(`${where}: ${variable} comes from no parameter that names a secret`);
                else if (!readable.includes(`{"Ref":"${parameter}"}`))
                    problems.push(`${where}: the execution role may not read ${parameter}, of which ${variable} is`);
            }
            for (const [variable] of [...namesOf(container, 'Environment'), ...namesOf(container, 'Secrets')])
                if (!planned.includes(variable) && !sources.includes(`"${variable}"`))
                    problems.push(`${where}: the program reads no variable ${variable}`);
        }
    for (const name of Object.keys(template.parameters))
        if (/pass|senha|token/i.test(name) && !/Arn$/.test(name))
            problems.push(`Parameters.${name}: a secret as a parameter is in the history of the stack`);
    return problems;
}
