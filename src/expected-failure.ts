/** A command that cannot do what was asked: the sentence says why. */
export class ExpectedFailure extends Error {
  override name = 'ExpectedFailure'
}
