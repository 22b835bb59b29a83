import ArgumentParser
import PatchbayCore
import PatchbayHost

/// What the cold measurement runs: one reading in a process that has done nothing else.
struct InventoryOnce: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "inventory-once", shouldDisplay: false)

    @Option var root: String

    func run() throws {
        let inventory = try InventoryReader(root: root).read()
        guard !inventory.functions.isEmpty else { throw ExitCode(1) }
    }
}
