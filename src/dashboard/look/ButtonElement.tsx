// The element that every button is: while it works, or is held, it does nothing more but keeps the focus, which a disabled one loses.
import type { ComponentProps } from 'react';

interface Props extends ComponentProps<'button'> {
  /** Mantine disables what loads. */
  'data-loading'?: boolean;
  /** Held for a moment, and says so by itself. */
  'data-disabled'?: boolean;
}

export function ButtonElement({ type = 'button', disabled, onClick, ...props }: Props) {
  const isBusy = props['data-loading'] === true;
  const isHeld = isBusy || (props['data-disabled'] === true && !disabled);
  return (
    <button
      {...props}
      type={type}
      disabled={disabled && !isBusy}
      aria-disabled={isHeld || undefined}
      aria-busy={isBusy || undefined}
      // Enter in a form's field presses its button too.
      onClick={isHeld ? (event) => event.preventDefault() : onClick}
    />
  );
}
