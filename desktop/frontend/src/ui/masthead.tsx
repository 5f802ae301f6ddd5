import { Link } from "@tanstack/react-router";
import { Button as AriaButton } from "react-aria-components";
import type { ReactNode } from "react";
import { Mark } from "./marks";

/** The head of every screen: the mark, the programme, where one is, what day it is there, and how to find things. */
export function Masthead({ programme, nav, when, saved, onFind, children }: {
  programme?: ReactNode;
  nav?: readonly { to: string; name: string; current: boolean }[];
  when?: string;
  saved?: string;
  onFind: () => void;
  children?: ReactNode;
}) {
  return (
    <header className="mast">
      <Link to="/" className="brand" aria-label="Tandem, start"><Mark /><span>Tandem</span></Link>
      {programme}
      {nav && (
        <nav aria-label="Programme">
          {nav.map((n) => <Link key={n.name} to={n.to} {...(n.current ? { "aria-current": "page" as const } : {})}>{n.name}</Link>)}
        </nav>
      )}
      <span className="when">{when}</span>
      {saved && <span className="saved">{saved}</span>}
      {children}
      <AriaButton className="find" onPress={onFind} aria-keyshortcuts="Control+K">Find<kbd>Ctrl K</kbd></AriaButton>
    </header>
  );
}
