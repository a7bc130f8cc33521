/** The only two names between preload and main: a message of the contract in, a message of the contract out. */
export const BRIDGE_CALL = 'sln:call'
export const BRIDGE_POST = 'sln:post'
export const SCHEME = 'sln'
