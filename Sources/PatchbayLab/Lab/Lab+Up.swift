import Foundation
import PatchbayCore

extension Lab {
    /// What `lab up` is to make.
    package struct Order: Sendable {
        package var hosts: Int
        package var description: HostDescription
        /// The program to run as server and agents; nil: bare hosts, for trying things by hand.
        package var binary: String?
        /// What the hosts' kernels are told of the IOMMU.
        package var iommu: [String]
        /// Without libvirt and virtual functions: up in half the time.
        package var isPlain: Bool

        package init(
            hosts: Int = 1, description: HostDescription, binary: String?, iommu: [String] = LabHost.iommuOn,
            isPlain: Bool = false
        ) {
            self.hosts = hosts
            self.description = description
            self.binary = binary
            self.iommu = iommu
            self.isPlain = isPlain
        }
    }

    /// Starts the server, then one host after another, each with libvirt, its virtual functions and its agent.
    ///
    /// - Throws: `.wrongState` when it is up; what went wrong otherwise, after ending what was started.
    package func up(_ order: Order, cache: LabCache) async throws(Problem) -> [LabHost] {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        guard try hosts().allSatisfy({ $0.process == nil }), server.process == nil else {
            throw Problem(
                .wrongState, "The lab in \(directory) is up.",
                next: ["patchbay lab status", "patchbay lab down", "Or start another one: --state DIR."])
        }
        try FileManager.default.remove("\(directory)/hosts")
        try FileManager.default.remove("\(directory)/server")
        let products = try await cache.prepare()
        var started: [LabHost] = []
        do throws(Problem) {
            if let binary = order.binary {
                cache.progress("starting the server")
                try await server.start(binary: binary)
            }
            for number in 1...order.hosts {
                let files = HostFiles(directory: "\(directory)/hosts/lab\(number)")
                let host = LabHost(
                    name: "lab\(number)", number: number, description: order.description, files: files,
                    iommu: order.iommu)
                started.append(host)
                try await start(host, order, products, cache.progress)
            }
        } catch {
            cache.progress("giving up: \(error.detail)")
            for host in started { try await host.stop() }
            try await server.stop()
            throw error
        }
        return started
    }

    private func start(
        _ host: LabHost, _ order: Order, _ products: LabProducts, _ progress: LabCache.Progress
    ) async throws(Problem) {
        progress("\(host.name): starting the machine")
        try FileManager.default.make(host.files.directory)
        try host.prepareFiles(products)
        try await host.format()
        try host.start(products)
        try await host.waitUntilUp(within: .seconds(300))
        guard !order.isPlain else { return }
        progress("\(host.name): making virtual functions")
        try await host.makeVirtualFunctions()
        progress("\(host.name): starting libvirt")
        try await host.startLibvirt()
        guard let binary = order.binary else { return }
        progress("\(host.name): starting the agent")
        try await host.install(binary, token: server.token ?? "")
        try await host.startAgent(serverPort: server.port ?? 0)
    }
}

extension LabHost {
    /// The agent's log, in the share so that it is at hand outside.
    package var agentLog: String { "\(files.share)/agent.log" }

    /// Puts the program, without its debug symbols, and the server's token where the host sees them.
    package func install(_ binary: String, token: String) async throws(Problem) {
        try FileManager.default.make("\(files.share)/patchbay")
        let target = "\(files.share)/patchbay/patchbay"
        try await Tool.run([Tool.path(of: "strip") ?? "strip", "-o", target, binary])
        try FileManager.default.write(Array(token.utf8), to: "\(files.share)/patchbay/token", mode: 0o600)
    }

    /// Starts the agent in the host, after the one before, if any, was killed.
    package func startAgent(serverPort: Int) async throws(Problem) {
        try await shell(
            """
            mkdir -p /var/lib/patchbay
            setsid /share/patchbay/patchbay agent --server http://\(LabServer.nameForHosts):\(serverPort) \
            --token-file /share/patchbay/token --host \(name) --state /var/lib/patchbay \
            </dev/null >>/share/agent.log 2>&1 &
            echo $! >/run/patchbay-agent.pid
            """)
    }

    /// `kill -9`: what a crash of the agent looks like. Returns when it is gone.
    package func killAgent() async throws(Problem) {
        try await shell(
            """
            pid=$(cat /run/patchbay-agent.pid)
            kill -9 $pid
            tail --pid=$pid -f /dev/null
            """)
    }
}
