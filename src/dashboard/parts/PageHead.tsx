// One title, and the page's main action at the top right.
import { type ReactNode, useEffect } from 'react';
import css from './PageHead.module.css';

interface Props {
  title: string;
  before?: ReactNode;
  beside?: ReactNode;
  children?: ReactNode;
}

export function PageHead({ title, before, beside, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Tracker Hub`;
  }, [title]);
  return (
    <header className={css.head}>
      {before}
      <h1 className={css.title}>{title}</h1>
      {beside}
      <div className={css.actions}>{children}</div>
    </header>
  );
}
