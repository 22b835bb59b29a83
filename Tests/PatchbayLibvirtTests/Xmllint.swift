import Foundation
import PatchbayHost
import Subprocess

/// libxml2's own tool: the canonical form of a document, and libvirt's schema checked by somebody else than us.
enum Xmllint {
    static let schema = "/usr/share/libvirt/schemas/domain.rng"
    static let isHere = FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")
    static let hasSchema = isHere && FileManager.default.fileExists(atPath: schema)

    /// The same for documents that say the same (W3C Canonical XML).
    static func canonical(_ xml: String) async throws -> String {
        let ending = try await run(["--c14n", "-"], input: xml)
        guard ending.status == 0 else { throw Failure(text: ending.errors) }
        return ending.text
    }

    /// What libvirt's schema says against it; nil: nothing.
    static func complaint(about xml: String) async throws -> String? {
        let ending = try await run(["--noout", "--relaxng", schema, "-"], input: xml)
        return ending.status == 0 ? nil : ending.errors
    }

    struct Failure: Error { var text: String }

    private static func run(_ arguments: [String], input: String) async throws -> Program.Ending {
        try await Program("/usr/bin/xmllint").run(arguments, input: .string(input), within: .seconds(300))
    }
}
