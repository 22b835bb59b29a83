import Foundation
import Logging
import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLibvirt
import ServiceLifecycle

/// The agent of the machine it runs on, over any link to a server.
struct LocalAgent: Service {
    let host: String
    let state: String
    let hypervisor: String
    let link: any AgentLink
    let logger: Logger
    /// Who must stay reachable: the server, where it is elsewhere.
    var peers: [IPAddress] = []

    func run() async throws {
        try DaemonPlaces.makeState(state)
        let agent = HostAgent(
            host: host, identity: try AgentIdentityFile.read(orMakeIn: state),
            kernel: try LiveKernel(hostName: host, peers: peers),
            hypervisor: LibvirtHypervisor(uri: hypervisor),
            journal: FileJournal(path: "\(state)/journal"), link: link, logger: logger)
        try await cancelWhenGracefulShutdown {
            try await agent.run()
        }
    }
}
