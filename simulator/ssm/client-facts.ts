/** What is installed and configured on an instance that is a client of CloudHSM clusters. */
export interface ClientFacts {
  /** Whether cloudhsm-cli is installed. */
  cli: boolean;
  /** Whether openssl and flock are on PATH. */
  openssl: boolean;
  flock: boolean;
  /** Of cloudhsm-cli, e.g. `5.17.2`. */
  cliVersion: string;
  /** The text in the file that hsm_ca_file names; empty: there is no such file. */
  customerCa: string;
  /** The ids of the clusters that configure-cli was run for, in that order; none: it never was. */
  clusters: string[];
}
