import type { Hsm, HsmRole, HsmUser } from './cluster';

/** Refused logins that lock a user (CloudHSM User Guide, understanding-users; 20 on clusters older than 2018 are not modelled). */
const lockAfter = 5;

/** How one HSM answers a login. */
export type LoginAnswer = 'accepted' | 'refused' | 'locked' | 'absent';

/** The user of that name in the HSM's table; names are case-insensitive (CloudHSM User Guide, cloudhsm_cli-user-create). */
export function findUser(hsm: Hsm, username: string): HsmUser | undefined {
  return hsm.users.find((user) => user.username === username.toLowerCase());
}

/** Whether refused logins have locked the user on its HSM. */
export function isLocked(user: HsmUser): boolean {
  return user.refusedLogins >= lockAfter;
}

/** Logs in on one HSM: a refusal counts towards the lock, an accepted login starts the count anew. */
export function logIn(hsm: Hsm, username: string, role: HsmRole, password: string): LoginAnswer {
  const user = findUser(hsm, username);
  if (user?.role !== role) return 'absent';
  if (isLocked(user)) return 'locked';
  // A PIN without the signed token is refused; whether it counts towards the lock is undocumented, so it does here. [U]
  if (user.password !== password || user.mfa) {
    user.refusedLogins++;
    return 'refused';
  }
  user.refusedLogins = 0;
  return 'accepted';
}
