import PatchbayCore

/// An element of an XML document that remembers where it stands in the text, so that an edit can leave every other byte alone.
///
/// Names are as written, prefix included; `namespace` is what the element's own prefix, or none, stands for.
struct XMLTree {
    var name: String
    var namespace: String?
    var attributes: [(name: String, value: String)] = []
    var children: [XMLTree] = []
    /// The text directly in it, CDATA sections included, the pieces joined.
    var text = ""
    /// Bytes of the document from its start tag to the end of its end tag.
    var range: Range<Int>
    /// Where its end tag begins; nil: it is written `<name/>`.
    var endTag: Int?

    /// The root of a document. Throws `.unreadable`, with the place, when it is not well-formed XML 1.0 in UTF-8.
    ///
    /// A document type is refused: libvirt writes none, and entities of one's own are an attack.
    init(_ document: String) throws(Problem) {
        var parser = XMLParser(document)
        self = try parser.document()
    }

    init(name: String, namespace: String?, attributes: [(name: String, value: String)], start: Int) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        range = start..<start
    }

    subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

    func elements(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

    func first(_ name: String) -> XMLTree? { children.first { $0.name == name } }

    /// Without its prefix.
    var localName: Substring { name.split(separator: ":").last ?? "" }
}
