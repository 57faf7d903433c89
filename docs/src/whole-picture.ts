import type { JsonObject } from '../../simulator/aws';
import { textOf } from '../../simulator/states/paths';
import { callOrder } from './call-order';
import type { Picture, PictureEdge, PictureGroup } from './picture';
import { resourcesOf, type Resource } from './template-parts';
import { wholeEdges } from './whole-edges';
import { wholeNode } from './whole-node';

/** What the picture of the whole shows: from a request of CloudFormation to its answer, by the template's own words. */
export function wholePicture(template: JsonObject): Picture {
  const resources = resourcesOf(template);
  const edges = wholeEdges(resources);
  const groups = requestMachines(edges, resources);
  const shown = gather(edges, groups);
  const ends = [...new Set(edges.flatMap(({ from, to }) => (from === undefined ? [to] : [from, to])))];
  return {
    title: 'CloudHSM key store',
    comment: textOf(template.Description),
    nodes: callOrder(ends, edges, groups).map((id) => wholeNode(id, resources)),
    edges: shown,
    groups,
    legend: [
      { sample: 'way', text: 'calls, starts or changes' },
      { sample: 'data', text: 'reads or writes a secret' },
      { sample: 'error', text: 'when something fails: the safety net' },
    ],
  };
}

/** The machines that the function which takes the requests starts. */
function requestMachines(edges: PictureEdge[], resources: Resource[]): PictureGroup[] {
  const isA = (id: string | undefined, type: string): boolean => resources.some((resource) => resource.id === id && resource.type === type);
  const started = edges.filter(({ from, to }) => isA(from, 'AWS::Lambda::Function') && isA(to, 'AWS::StepFunctions::StateMachine'));
  return [{ id: 'requests', label: 'one is started for each request', members: started.map(({ to }) => to) }];
}

/** One arrow for what holds for every member of a group. */
function gather(edges: PictureEdge[], groups: PictureGroup[]): PictureEdge[] {
  const ends = new Map(groups.flatMap(({ id, members }) => members.map((member) => [member, { id, size: members.length }])));
  const keyOf = (end: 'from' | 'to', edge: PictureEdge): string => JSON.stringify({ ...edge, [end]: ends.get(edge[end] ?? '')?.id });
  const gathered = (end: 'from' | 'to', edge: PictureEdge): PictureEdge => {
    const group = ends.get(edge[end] ?? '');
    const alike = edges.filter((other) => keyOf(end, other) === keyOf(end, edge));
    return alike.length === group?.size ? { ...edge, [end]: group.id } : edge;
  };
  const all = edges.map((edge) => gathered('to', gathered('from', edge)));
  return [...new Map(all.map((edge) => [JSON.stringify(edge), edge])).values()];
}
