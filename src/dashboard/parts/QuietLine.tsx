// A line that explains, beside figures that speak for themselves.
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import css from './parts.module.css';

export const QuietLine = ({ children }: { children: ReactNode }) => (
  <p className={css.quiet} role="note">
    <Info size={14} aria-hidden />
    <span>{children}</span>
  </p>
);
