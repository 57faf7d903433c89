import CustomResource, { type CustomResourceProperties } from 'cloudform-types/types/cloudFormation/customResource';
import type Output from 'cloudform-types/types/output';
import { Equals, If, Sub } from 'cloudform-types/types/functions';
import type { Condition } from 'cloudform-types/types/dataTypes';
import { GetAtt, Ref } from './intrinsics';
import { IDS, lambdaId, PREFIX } from './names';

/** The parameters that the custom resource passes on, each as a property of the same name without the p. */
const PROPERTIES = [
  'pKeyStoreName',
  'pDeleteKeyStoreUponStackDeletion',
  'pCloudHsmClusterId',
  'pCloudHsmAdminPasswordSecretName',
  'pCloudHsmCustCaCertSecretName',
  'pClientInstanceId',
  'pKmsUserPasswordRotation',
];

/** The custom resource: the key store. */
export function keyStore(): CustomResource {
  const properties: CustomResourceProperties = {
    ServiceToken: GetAtt(lambdaId('custom-resource'), 'Arn'),
    ...Object.fromEntries(PROPERTIES.map((parameter) => [parameter.slice(1), Ref(parameter)])),
  };
  const resource = new CustomResource(properties);
  resource.Type = 'Custom::KmsCloudHsmKeyStore';
  return resource;
}

/** The console of GovCloud has a domain of its own; AWS::URLSuffix does not tell. */
const GOV_CLOUD = 'cGovCloud';

/** The Conditions section. */
export function conditions(): Record<string, Condition> {
  return { [GOV_CLOUD]: Equals(Ref('AWS::Partition'), 'aws-us-gov') };
}

/** The Outputs section. */
export function outputs(): Record<string, Output> {
  const output = (Description: string, Value: unknown) => ({ Description, Value }) as Output;
  return {
    oKeyStoreId: output('Id of the key store', Ref(IDS.keyStore)),
    oKeyStoreName: output('Name of the key store', Ref('pKeyStoreName')),
    oCloudHsmClusterId: output('Cluster of the key store', Ref('pCloudHsmClusterId')),
    oStateMachines: output(
      'Where to watch what is going on',
      Sub(`https://\${AWS::Region}.\${Console}/states/home?region=\${AWS::Region}#/statemachines?filter=${PREFIX}-`, {
        Console: If(GOV_CLOUD, 'console.amazonaws-us-gov.com', 'console.aws.amazon.com'),
      }),
    ),
  };
}
