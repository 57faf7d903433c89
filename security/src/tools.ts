import { CACHE } from './python-environment';
import type { Tool } from './tool';
import { aslValidator } from './tools/asl-validator';
import { cfnLint } from './tools/cfn-lint';
import { cfnNag } from './tools/cfn-nag';
import { cloudformationValidate } from './tools/cloudformation-validate';
import { eslintPluginSecurity } from './tools/eslint-plugin-security';
import { shellcheck } from './tools/shellcheck';

/** All that looks at the template. */
export const TOOLS: Tool[] = [cfnLint(CACHE), cfnNag, cloudformationValidate, aslValidator, shellcheck(CACHE), eslintPluginSecurity];
