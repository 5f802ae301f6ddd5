import type { ReactNode } from "react";

/** A figure of the bar: what, then its unit or basis. */
export interface Figure {
  value: ReactNode;
  basis: ReactNode;
  /** It is late, broken or over. */
  signal?: boolean;
}

/** The bar under the masthead: the screen's title, three or four figures, and what can be done. */
export function Bar({ title, figures = [], children, before }: { title: ReactNode; figures?: readonly Figure[]; before?: ReactNode; children?: ReactNode }) {
  return (
    <div className="bar">
      <h1>{title}</h1>
      {before}
      {figures.map((f, i) => (
        <div className="fig" key={i}>
          <b className={f.signal ? "sig" : undefined}>{f.value}</b>
          <span>{f.basis}</span>
        </div>
      ))}
      {children && <div className="acts">{children}</div>}
    </div>
  );
}
