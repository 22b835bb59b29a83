import Foundation
import Logging
import PatchbayAPI
import PatchbayAgent
import PatchbayCore
import PatchbayHost
import PatchbayLab
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
    /// For tests: how much longer each reading of the host takes.
    var readDelay: Duration?
    var underWay = PlansUnderWay()

    func run() async throws {
        try DaemonPlaces.makeState(state)
        let agent = HostAgent(
            host: host, identity: try AgentIdentityFile.read(orMakeIn: state), kernel: try kernel(),
            hypervisor: LibvirtHypervisor(uri: hypervisor),
            journal: FileJournal(path: "\(state)/journal"), link: link, logger: logger, underWay: underWay)
        try await cancelWhenGracefulShutdown {
            try await agent.run()
        }
    }

    private func kernel() throws(Problem) -> any Kernel {
        let live = try LiveKernel(hostName: host, peers: peers)
        guard let readDelay else { return live }
        return SlowKernel(live, takes: readDelay)
    }
}
