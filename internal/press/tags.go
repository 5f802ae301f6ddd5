package press

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

func init() { model.ConfigPath = "disable" } // else the library writes a folder of its own

// structure is a document's tree of tags while it is written.
type structure struct {
	ctx   *model.Context
	pages []types.IndirectRef
	marks [][]types.Object // by page and mark, the element that it is of
}

// tagged writes a plain PDF again with its structure, language and title, as PDF/UA asks for.
func tagged(w io.Writer, plain []byte, root *tag, pages int, title string) error {
	ctx, err := api.ReadAndValidate(bytes.NewReader(plain), model.NewDefaultConfiguration())
	if err != nil {
		return fmt.Errorf("read the PDF as set: %w", err)
	}
	s := &structure{ctx: ctx, marks: make([][]types.Object, pages)}
	for n := range pages {
		page, ref, _, err := ctx.PageDict(n+1, false)
		if err != nil {
			return fmt.Errorf("page %d of the PDF: %w", n+1, err)
		}
		page["StructParents"] = types.Integer(n)
		page["Tabs"] = types.Name("S")
		s.pages = append(s.pages, *ref)
	}
	tree := types.Dict{"Type": types.Name("StructTreeRoot")}
	treeRef, err := ctx.IndRefForNewObject(tree)
	if err != nil {
		return err
	}
	document, err := s.element(root, *treeRef)
	if err != nil {
		return err
	}
	parents := types.Array{}
	for n, marks := range s.marks {
		parents = append(parents, types.Integer(n), types.Array(marks))
	}
	parentRef, err := ctx.IndRefForNewObject(types.Dict{"Nums": parents})
	if err != nil {
		return err
	}
	tree["K"], tree["ParentTree"], tree["ParentTreeNextKey"] = *document, *parentRef, types.Integer(pages)

	catalog, err := ctx.Catalog()
	if err != nil {
		return err
	}
	metadata, err := s.metadata(title)
	if err != nil {
		return err
	}
	catalog["StructTreeRoot"] = *treeRef
	catalog["MarkInfo"] = types.Dict{"Marked": types.Boolean(true)}
	catalog["Lang"] = types.StringLiteral("en-GB")
	catalog["ViewerPreferences"] = types.Dict{"DisplayDocTitle": types.Boolean(true)}
	catalog["Metadata"] = *metadata
	if err := api.WriteContext(ctx, w); err != nil {
		return fmt.Errorf("write the tagged PDF: %w", err)
	}
	return nil
}

// element writes a tag with all beneath it.
func (s *structure) element(t *tag, parent types.IndirectRef) (*types.IndirectRef, error) {
	d := types.Dict{"Type": types.Name("StructElem"), "S": types.Name(t.kind), "P": parent}
	ref, err := s.ctx.IndRefForNewObject(d)
	if err != nil {
		return nil, err
	}
	kids := types.Array{}
	for _, m := range t.marks {
		for len(s.marks[m.page]) <= m.mark {
			s.marks[m.page] = append(s.marks[m.page], nil)
		}
		s.marks[m.page][m.mark] = *ref
		kids = append(kids, types.Dict{"Type": types.Name("MCR"), "Pg": s.pages[m.page], "MCID": types.Integer(m.mark)})
	}
	for _, kid := range t.kids {
		k, err := s.element(kid, *ref)
		if err != nil {
			return nil, err
		}
		kids = append(kids, *k)
	}
	d["K"] = kids
	if t.alt != "" {
		alt, err := types.EscapedUTF16String(t.alt)
		if err != nil {
			return nil, err
		}
		d["Alt"] = types.StringLiteral(*alt)
	}
	if t.scope != "" {
		d["A"] = types.Dict{"O": types.Name("Table"), "Scope": types.Name(t.scope)}
	}
	return ref, nil
}

// metadata is the title, and that the document follows PDF/UA.
func (s *structure) metadata(title string) (*types.IndirectRef, error) {
	var safe bytes.Buffer
	if err := xml.EscapeText(&safe, []byte(title)); err != nil {
		return nil, err
	}
	stream, err := s.ctx.NewStreamDictForBuf([]byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + safe.String() + `</rdf:li></rdf:Alt></dc:title><pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`))
	if err != nil {
		return nil, err
	}
	stream.Dict["Type"], stream.Dict["Subtype"] = types.Name("Metadata"), types.Name("XML")
	delete(stream.Dict, "Filter")
	stream.FilterPipeline = nil
	if err := stream.Encode(); err != nil {
		return nil, err
	}
	return s.ctx.IndRefForNewObject(*stream)
}
