import ArgumentParser
import Foundation

/// Our speed beside that of others, measured in the same run on the same machine.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patchbay-bench", abstract: "Measure Patchbay beside its peers and the machine's own floor.",
        subcommands: [
            InventoryBench.self, HoldersBench.self, PlacementBench.self, ClaimsBench.self, ExplainBench.self,
            WriteCheckBench.self, InventoryOnce.self,
        ])

    /// One JSON object, over several lines.
    static func tell(_ report: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }
}
