import Foundation
import PatchbayCore
import PatchbayHost

/// The recorded files, by what they ask.
enum NovaFile: String, CaseIterable {
    case allocation, devspec, alias
    case placementView = "placement_view"
    case names

    /// What holding one case against our answer came to.
    enum Outcome {
        case compared([String])
        /// It proves nothing, in one word why.
        case skipped(String)
    }

    /// Holds one case against our answer. nil: what it asks for is not built yet.
    var check: ((NovaValue) throws -> Outcome)? {
        switch self {
        case .allocation: { .compared(try NovaAllocationCase($0).differences()) }
        case .placementView:
            { line in
                let view = try NovaViewCase(line)
                return view.isDangling ? .skipped("dangling") : .compared(try view.differences())
            }
        case .alias: { .compared(try NovaAliasCase($0).differences()) }
        case .devspec: { .compared(try NovaDeviceSpecCase($0).differences()) }
        case .names: { .compared(try NovaNamesCase($0).differences()) }
        }
    }

    /// One case a line, from `NAME.jsonl` or, where there is none, from `NAME.jsonl.xz`.
    func lines(in folder: URL) async throws -> [Substring] {
        let plain = folder.appending(path: "\(rawValue).jsonl")
        let text =
            FileManager.default.fileExists(atPath: plain.path)
            ? try String(contentsOf: plain, encoding: .utf8)
            : try await Self.unpacked(plain.appendingPathExtension("xz"))
        return text.split(separator: "\n")
    }

    private static func unpacked(_ archive: URL) async throws -> String {
        let xz = try await Program("xz").run(["-dc", archive.path], most: 1 << 30, within: .seconds(600))
        guard xz.status == 0 else {
            throw Problem(
                .unreadable, "\"\(archive.path)\" cannot be unpacked.",
                cause: "xz ended with status \(xz.status): \(xz.errors)")
        }
        return xz.text
    }
}
