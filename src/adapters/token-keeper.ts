// Keeps an account's token for as long as the keeper is referred to: a connection test's own.
import { isUsable, type Token, type TokenKeeper } from '../core/token.ts';

export function memoryKeeper(): TokenKeeper {
  let kept: Token | null = null;
  let login: Promise<Token> | null = null;
  return {
    async token(ask) {
      if (kept !== null && isUsable(kept, ask)) return kept;
      login ??= ask
        .login()
        .then((token) => {
          kept = token;
          return token;
        })
        .finally(() => {
          login = null;
        });
      return login;
    },
  };
}
