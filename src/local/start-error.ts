// What keeps the start from going on, in words that a person can act on; printed without a stack.
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
