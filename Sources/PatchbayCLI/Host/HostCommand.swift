import ArgumentParser

/// `patchbay host`
struct HostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", abstract: "Machines that run VMs: are they ready, what have they got.",
        subcommands: [
            HostList.self, HostShow.self, HostSet.self, HostInspect.self, HostRefresh.self, HostTakeDown.self,
            HostAccept.self, HostRemove.self,
        ])
}
