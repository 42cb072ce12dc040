// What a page is for, while it has nothing to show.
import type { ReactNode } from 'react';
import css from './parts.module.css';

export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.empty}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
