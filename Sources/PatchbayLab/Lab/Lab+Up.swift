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
    /// Where part of a lab runs already, what has ended is started again, with the disks that it had.
    ///
    /// - Throws: `.wrongState` when all of it is up; what went wrong otherwise, after ending what was started.
    package func up(_ order: Order, cache: LabCache) async throws(Problem) -> [LabHost] {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let known = try hosts()
        guard known.allSatisfy({ $0.process == nil }), server.process == nil else {
            return try await resume(known, order, cache)
        }
        return try await startAnew(order, cache)
    }

    /// Turns on what has ended, as one does with machines after a power cut.
    private func resume(_ known: [LabHost], _ order: Order, _ cache: LabCache) async throws(Problem) -> [LabHost] {
        let ended = known.filter { $0.process == nil }
        let isServerMissing = order.binary != nil && server.process == nil && server.port != nil
        guard !ended.isEmpty || isServerMissing else {
            throw Problem(
                .wrongState, "The lab in \(directory) is up.",
                next: [
                    NextStep(command("status")), NextStep(command("down")), "Or start another one: --state DIR.",
                ])
        }
        let products = try await cache.prepare()
        if isServerMissing, let binary = order.binary {
            cache.progress("starting the server again")
            try await server.start(binary: binary)
        }
        for host in ended {
            cache.progress("\(host.name): starting the machine again, with the disks it had")
            try host.prepareFiles(products, keepsDisks: true)
            try host.start(products)
            try await host.waitUntilUp(within: .seconds(300))
            try await host.allowReboots()
            try await host.waitForBoot(after: nil)
        }
        return known
    }

    private func startAnew(_ order: Order, _ cache: LabCache) async throws(Problem) -> [LabHost] {
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
        try host.prepareFiles(products, keepsDisks: false)
        try await host.format()
        try host.start(products)
        try await host.waitUntilUp(within: .seconds(300))
        try await host.allowReboots()
        guard !order.isPlain else { return }
        if let binary = order.binary { try await host.install(binary, token: server.token ?? "") }
        progress(
            "\(host.name): making virtual functions, starting libvirt\(order.binary == nil ? "" : " and the agent")")
        try await host.setUp(agent: order.binary == nil ? nil : server.port)
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

    /// Starts the agent in the host, after the one before was killed.
    ///
    /// - Parameter arguments: more of them for `patchbay agent`.
    package func startAgent(_ arguments: String...) async throws(Problem) {
        try await shell((["/share/lab/start-agent"] + arguments).joined(separator: " "))
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
