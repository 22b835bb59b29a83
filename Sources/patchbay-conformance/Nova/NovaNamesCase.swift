import PatchbayCore

/// A line of `names.jsonl`: a resource class or traits as Nova normalises them.
struct NovaNamesCase {
    private let line: NovaValue

    init(_ line: NovaValue) throws { self.line = line }

    func differences() throws -> [String] {
        let expected = try line.need("expect")
        let ours: NovaValue
        if try line.needText("kind") == "traits" {
            ours = .list(NovaNames.traits(try line.needText("text")).map(NovaValue.text))
        } else {
            let name = NovaNames.resourceClass(
                line["name"]?.text, vendor: try line.needText("vendor_id"), product: try line.needText("product_id"))
            ours = .text(name)
        }
        return ours == expected ? [] : ["is \(ours), expected \(expected)"]
    }
}
