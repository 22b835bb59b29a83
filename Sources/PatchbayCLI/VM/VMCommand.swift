import ArgumentParser

/// `patchbay vm`
struct VMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vm", abstract: "Guests: what they hold now, and what they will hold.",
        subcommands: [
            VMList.self, VMShow.self, VMExplain.self, VMCreate.self, VMStart.self, VMStop.self, VMRestart.self,
            VMReset.self,
            VMDelete.self, VMConsole.self, VMConfirmOff.self,
        ])
}
