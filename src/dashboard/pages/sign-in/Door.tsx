// The frame of the pages outside: the name of the house, one small form, one quiet line.
import type { ReactNode } from 'react';
import mark from '../../look/mark.svg';
import css from './Door.module.css';

export function Door({ title, foot, children }: { title: string; foot?: ReactNode; children: ReactNode }) {
  return (
    <main className={css.door}>
      <div className={css.box}>
        <div className={css.brand}>
          <img src={mark} width={28} height={28} alt="" />
          Tracker Hub
        </div>
        <h1>{title}</h1>
        {children}
        {foot !== undefined && <p className={css.foot}>{foot}</p>}
      </div>
    </main>
  );
}
