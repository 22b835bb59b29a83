import ArgumentParser

/// `patchbay host`
struct HostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", abstract: "Hosts: the machines that run VMs and lend them devices.",
        subcommands: [
            HostList.self, HostShow.self, HostSet.self, HostInspect.self, HostRefresh.self, HostRecordCommand.self,
            HostAccept.self, HostRemove.self,
        ])
}
