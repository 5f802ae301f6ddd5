import { useState } from "react";
import { setToken } from "@/lib/graphql";
import { tokenGiven } from "@/lib/server";
import { Button, Field } from "@/ui/controls";
import { Mark } from "@/ui/marks";

/** Asks for a token where the server wants one. */
export function TokenScreen() {
  const [value, setValue] = useState("");
  return (
    <div className="shell">
      <header className="mast"><span className="brand"><Mark /><span>Tandem</span></span></header>
      <main className="screen token">
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (!value.trim()) return;
            setToken(value.trim());
            tokenGiven();
          }}
        >
          <h1>A token is needed</h1>
          <p className="mid">This server shows its programmes to people it knows. Whoever runs it makes a token with <code>tandem token create --role coordinator</code>, or gives you an address that holds one.</p>
          <Field label="Token" type="password" value={value} onChange={setValue} autoFocus hint="Kept for this tab alone; closing it forgets the token." />
          <Button kind="go" type="submit">Open</Button>
        </form>
      </main>
    </div>
  );
}
