import type { JsonObject } from '../../simulator/aws';
import type { Definition } from '../../simulator/states/definition';
import { STATE_MACHINES } from '../../templates/src/names';
import { readSources } from '../../templates/src/sources';
import { template, type Sources } from '../../templates/src/template';
import { machinePicture } from './machine-picture';
import { layOutRails, type Widths } from './rails';
import { drawSvg } from './svg';
import { wholePicture } from './whole-picture';

const ONE_COLUMN: Widths = { boxes: [300, 0], labels: { left: 150, middle: 0, right: 180 } };
const TWO_COLUMNS: Widths = { boxes: [235, 195], labels: { left: 100, middle: 60, right: 60 } };

/** The pictures that the sources give: the text of each SVG by the name of its file in `docs/pictures`. */
export function pictures(sources: Sources = readSources('readable')): Record<string, string> {
  const machines = STATE_MACHINES.map((name) => machinePicture(name, JSON.parse(sources.definitions[name]) as Definition));
  // What CloudFormation is given is plain JSON.
  const whole = wholePicture(JSON.parse(JSON.stringify(template(sources))) as JsonObject);
  return {
    'cloudhsm-key-store.svg': drawSvg(whole, layOutRails(whole, TWO_COLUMNS)),
    ...Object.fromEntries(machines.map((picture) => [`${picture.title}.svg`, drawSvg(picture, layOutRails(picture, ONE_COLUMN))])),
  };
}
