import ArgumentParser

/// `patchbay vm`
struct VMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vm", abstract: "VMs: create, start and stop them, and see which devices they have.",
        subcommands: [
            VMList.self, VMShow.self, VMExplain.self, VMCreate.self, VMStart.self, VMStop.self, VMRestart.self,
            VMReset.self,
            VMDelete.self, VMConsole.self, VMConfirmOff.self,
        ])
}
