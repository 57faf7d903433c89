import type { PictureEdge, PictureGroup } from './picture';

/** What is called after what calls it, a group together, and otherwise as they come; arrows back to the first do not count, and a circle begins anywhere. */
export function callOrder(ids: string[], edges: PictureEdge[], groups: PictureGroup[]): string[] {
  const order: string[] = [];
  const left = new Set(ids);
  const [start] = ids;
  const groupOf = (id: string | undefined): string | undefined => groups.find(({ members }) => members.includes(id ?? ''))?.id;
  while (left.size > 0) {
    const last = order.at(-1);
    const waits = (id: string): boolean => edges.some(({ from, to }) => to === id && to !== start && from !== undefined && left.has(from));
    const ready = [...left].filter((id) => !waits(id));
    const rank = (id: string): number =>
      groupOf(last) !== undefined && groupOf(id) === groupOf(last) ? 0 : edges.some(({ from, to }) => from === last && to === id) ? 1 : 2;
    const [next = ''] = (ready.length > 0 ? ready : [...left]).sort((a, b) => rank(a) - rank(b));
    order.push(next);
    left.delete(next);
  }
  return order;
}
