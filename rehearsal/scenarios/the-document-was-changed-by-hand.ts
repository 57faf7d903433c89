import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Somebody put another script into the SSM document: its answer is not taken for one of ours',
  during: {
    when: ({ account: { ssm } }) => ssm.state.invocations.length > 0,
    happens: (world) => {
      const { invocations } = world.account.ssm.state;
      for (const { step } of invocations) step.runCommand = ['#!/bin/bash', 'echo \'{"outcome":"inspected-2"}\''];
    },
  },
  findings: ['The client answered what this template does not know: inspected-2'],
  within: 150,
});
