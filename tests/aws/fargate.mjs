// What the container is promised to be: without root, without a root that can be written, with a size that Fargate sells.
import { resourcesOf } from './template.mjs';

const MEMORY = { 256: [512, 1024, 2048], 512: [1024, 2048, 3072, 4096], 1024: [2048, 3072, 4096, 5120, 6144, 7168, 8192] };
const STATE = '/var/lib/etl-sigos';

export function checkFargate(template) {
    const problems = [];
    for (const [name, { Properties: task }] of resourcesOf(template, 'AWS::ECS::TaskDefinition')) {
        const say = words => problems.push(`Resources.${name}: ${words}`);
        const valuesOf = value => (template.parameters[value?.Ref]?.AllowedValues ?? [value]).map(String);
        const [container] = task.ContainerDefinitions;
        if (task.NetworkMode !== 'awsvpc' || !task.RequiresCompatibilities?.includes('FARGATE'))
            say('is not for Fargate');
        for (const cpu of valuesOf(task.Cpu))
            if (!valuesOf(task.Memory).some(memory => MEMORY[cpu]?.includes(Number(memory))))
                say(`Fargate sells no memory of ${valuesOf(task.Memory)} with ${cpu} units of Cpu`);
        for (const memory of valuesOf(task.Memory))
            if (!valuesOf(task.Cpu).some(cpu => MEMORY[cpu]?.includes(Number(memory))))
                say(`Fargate sells ${memory} MB with no Cpu of ${valuesOf(task.Cpu)}`);
        if (!/^10001(:10001)?$/.test(container.User))
            say('does not run as user 10001');
        if (container.ReadonlyRootFilesystem !== true)
            say('its root can be written');
        if (container.LinuxParameters?.InitProcessEnabled !== true)
            say('nobody waits for orphans: InitProcessEnabled');
        if (!(container.StopTimeout >= 30 && container.StopTimeout <= 120))
            say('StopTimeout is to be 30 to 120 s on Fargate');
        if (container.LogConfiguration?.LogDriver !== 'awslogs')
            say('writes no log');
        const mount = container.MountPoints?.find(one => one.ContainerPath === STATE);
        if (!mount || !task.Volumes?.some(volume => volume.Name === mount.SourceVolume))
            say(`no volume is mounted at ${STATE}`);
        if (!container.Environment.some(one => one.Name === 'TMPDIR' && one.Value.startsWith(STATE)))
            say(`TMPDIR is not below ${STATE}, and nothing else can be written`);
    }
    for (const [name, { Properties: own }] of resourcesOf(template, 'AWS::ECR::Repository')) {
        if (own.ImageScanningConfiguration?.ScanOnPush !== true)
            problems.push(`Resources.${name}: images are not scanned`);
        try {
            JSON.parse(own.LifecyclePolicy.LifecyclePolicyText);
        } catch (fault) {
            problems.push(`Resources.${name}: its lifecycle policy is no JSON: ${fault.message}`);
        }
    }
    return problems;
}
