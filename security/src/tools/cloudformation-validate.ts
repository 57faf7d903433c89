import { CelEngine, TemplateFile, type StandardReport } from '@aws/cloudformation-validate';
import type { Finding } from '../finding';
import { packageVersion } from '../package-version';
import type { Tool } from '../tool';

/** AWS's own validator, with all of its rules. */
export const cloudformationValidate: Tool = {
  name: 'cloudformation-validate',
  scan({ file }) {
    // One of its two engines: both give the same diagnostics (the package's README), this one is faster.
    const engine = new CelEngine();
    try {
      const findings = cloudformationValidateFindings(engine.validateStandard(new TemplateFile(file), {}));
      return { version: packageVersion('@aws/cloudformation-validate'), runs: [{ call: 'CelEngine.validateStandard(FILE)', findings }] };
    } finally {
      engine.free();
    }
  },
};

/** The findings in a report. @throws Error if the report is not complete, because then it may lack some */
export function cloudformationValidateFindings({ status, diagnostics }: Pick<StandardReport, 'status' | 'diagnostics'>): Finding[] {
  if (status !== 'OK') throw new Error(`The analysis ended as ${status}`);
  return diagnostics.map(({ ruleId, entity, propertyPath, startLine, message }) => ({
    rule: ruleId,
    at: entity?.logicalId ?? propertyPath ?? 'template',
    where: startLine === undefined ? '' : `line ${startLine}`,
    message,
  }));
}
