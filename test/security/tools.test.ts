import { aslFindings } from '../../security/src/tools/asl-validator';
import { cfnLintFindings } from '../../security/src/tools/cfn-lint';
import { cfnNagFindings } from '../../security/src/tools/cfn-nag';
import { cloudformationValidateFindings } from '../../security/src/tools/cloudformation-validate';
import { eslintFindings } from '../../security/src/tools/eslint-plugin-security';
import { shellcheckFindings } from '../../security/src/tools/shellcheck';

describe('what cfn-lint says', () => {
  const match = (Path: (string | number)[] | null) => [
    { Level: 'Error', Message: 'It is wrong', Location: { Path, Start: { LineNumber: 7 } }, Rule: { Id: 'E3002' } },
  ];

  test.each([
    ['a property', ['Resources', 'rBucket', 'Properties', 0], 'rBucket'],
    ['a resource', ['Resources', 'rBucket'], 'rBucket'],
    ['a section', ['Resources'], 'Resources'],
    ['the whole file', null, 'template'],
  ])('about %s is told as about what has a name', (_what, Path, at) => {
    expect(cfnLintFindings(match(Path))).toEqual([{ rule: 'E3002', at, where: 'line 7', message: 'It is wrong' }]);
  });

  test('may be nothing', () => {
    expect(cfnLintFindings([])).toEqual([]);
  });
});

describe('what cfn_nag says', () => {
  const violation = (logical_resource_ids: string[] | null, line_numbers: number[] | null) => [
    { file_results: { violations: [{ id: 'W28', message: 'It has a name', logical_resource_ids, line_numbers }] } },
  ];

  test('of several resources is one finding for each', () => {
    expect(cfnNagFindings(violation(['rOne', 'rTwo'], [3, 9]))).toEqual([
      { rule: 'W28', at: 'rOne', where: 'line 3', message: 'It has a name' },
      { rule: 'W28', at: 'rTwo', where: 'line 9', message: 'It has a name' },
    ]);
  });

  test.each([
    ['none', []],
    ['null', null],
  ])('of no resource (%s) is a finding all the same', (_what, ids) => {
    expect(cfnNagFindings(violation(ids, null))).toEqual([{ rule: 'W28', at: 'template', where: '', message: 'It has a name' }]);
  });
});

describe('what cloudformation-validate says', () => {
  const diagnostic = { ruleId: 'W2509', severity: 'WARN', message: 'It is no secret', source: 'ENGINE' } as const;

  test.each([
    ['a parameter', { entity: { logicalId: 'pName', entityType: 'Parameter' as const }, startLine: 83 }, { at: 'pName', where: 'line 83' }],
    ['a place without a name', { propertyPath: 'Description' }, { at: 'Description', where: '' }],
    ['the whole file', {}, { at: 'template', where: '' }],
  ])('about %s is a finding', (_what, about, expected) => {
    const findings = cloudformationValidateFindings({ status: 'OK', diagnostics: [{ ...diagnostic, ...about }] });
    expect(findings).toEqual([{ rule: 'W2509', message: 'It is no secret', ...expected }]);
  });

  test('does not count when it could not look at everything', () => {
    expect(() => cloudformationValidateFindings({ status: 'ANALYSIS_INCOMPLETE', diagnostics: [] })).toThrow('ANALYSIS_INCOMPLETE');
  });
});

describe('what asl-validator says', () => {
  const machine = (states: object) => JSON.stringify({ StartAt: 'Begin', States: states });

  test.each([
    ['a target that is not there', { Begin: { Type: 'Pass', Next: 'Nowhere' } }, 'MISSING_TRANSITION_TARGET'],
    ['a state that is none', { Begin: { Type: 'Sleep', End: true } }, 'SCHEMA_VALIDATION_FAILED'],
  ])('about %s is a finding of its machine', (_what, states, rule) => {
    expect(aslFindings('rMachine', machine(states))[0]).toMatchObject({ rule, at: 'rMachine' });
  });

  test('is nothing about a machine that is in order', () => {
    expect(aslFindings('rMachine', machine({ Begin: { Type: 'Succeed' } }))).toEqual([]);
  });
});

describe('what shellcheck says', () => {
  test('is about a line of code, which is found again when lines are added above it', () => {
    const json = { comments: [{ line: 2, code: 2086, message: 'Double quote' }] };
    expect(shellcheckFindings('rDocument', '#!/bin/bash\n  echo $1\n', json)).toEqual([
      { rule: 'SC2086', at: 'echo $1', where: 'rDocument, line 2', message: 'Double quote' },
    ]);
  });
});

describe('what eslint-plugin-security says', () => {
  test.each([
    ['JavaScript', 'function.js', 'module.exports = (list, name) => list[name];'],
    ['TypeScript', 'function.ts', 'export const read = (list: string[], name: number): string => list[name]();'],
  ])('is about the code, in %s', (_language, file, text) => {
    expect(eslintFindings(file, text)).toMatchObject([{ rule: 'security/detect-object-injection', at: 'list[name]', where: `${file}, line 1` }]);
  });

  test('is not silenced by a comment in the code, which is named itself', () => {
    expect(eslintFindings('function.js', '/* eslint-disable */\nmodule.exports = (code) => eval(code);')).toMatchObject([
      { rule: 'eslint', at: '/* eslint-disable */' },
      { rule: 'security/detect-eval-with-expression', at: 'eval(code)' },
    ]);
  });

  test('is said of code that is none', () => {
    expect(eslintFindings('function.js', 'module.exports = (')).toMatchObject([{ rule: 'eslint' }]);
  });
});
