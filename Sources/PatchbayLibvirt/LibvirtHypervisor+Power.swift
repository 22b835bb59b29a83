import PatchbayCore
import PatchbayHost

extension LibvirtHypervisor {
    package func start(_ name: String) async throws(Problem) {
        try await change("\(name) could not be started.", on: power) { connection in
            let domain = try Self.find(name, connection)
            guard try !domain.isActive() else { return }
            do throws(LibvirtError) {
                try domain.create()
            } catch  where error.code == .operationInvalid {
                // Somebody else started it in between: that was what we wanted.
                guard try domain.isActive() else { throw error }
            }
        }
    }

    package func reset(_ name: String) async throws(Problem) {
        try await change("\(name) could not be reset.", on: power) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isActive() else {
                throw Problem(
                    .wrongState, "VM \(name) is off.", next: [NextStep("Start it", .startVM(name))])
            }
            try domain.reset()
        }
    }

    package func stop(_ name: String, timeoutSeconds: Int, force: Bool) async throws(Problem) {
        guard try await isRunning(name, askedToPowerOff: !force) else { return }
        guard !force else {
            return try await change("\(name) could not be ended.", on: power) { connection in
                try Self.end(name, connection)
            }
        }
        await waitForEnd(of: name, timeoutSeconds: timeoutSeconds)
        let isRunning = try await change("The state of \(name) could not be read.", on: power) { connection in
            try Self.domain(name, connection)?.isActive() ?? false
        }
        if isRunning { throw .stillRunning(name, afterSeconds: timeoutSeconds) }
    }

    private func isRunning(_ name: String, askedToPowerOff: Bool) async throws(Problem) -> Bool {
        try await change("\(name) could not be asked to power off.", on: power) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isActive() else { return false }
            guard askedToPowerOff else { return true }
            do throws(LibvirtError) {
                try domain.shutDown()
            } catch {
                // A guest that cannot be asked, because it is paused or has crashed, is still there when the time is over.
                return try domain.isActive()
            }
            return true
        }
    }

    private func waitForEnd(of name: String, timeoutSeconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await untilStopped(name) }
            group.addTask { try? await clock.sleep(for: .seconds(timeoutSeconds)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when the guest has stopped, or when nobody can say any more.
    private func untilStopped(_ name: String) async {
        while !Task.isCancelled {
            guard let events = try? await link.connected().lifecycle.events(),
                let domain = try? await domains().first(where: { $0.name == name }), domain.state != .shutOff
            else { return }
            for await event in events where event.name == name && event.kind == .stopped { return }
            // The connection broke: the next one knows what happened meanwhile.
        }
    }

    /// nil: a transient domain is gone when it has stopped.
    private static func domain(_ name: String, _ connection: LibvirtConnection) throws -> LibvirtDomain? {
        do throws(LibvirtError) {
            return try connection.domain(named: name)
        } catch  where error.code == .noDomain { return nil }
    }

    private static func end(_ name: String, _ connection: LibvirtConnection) throws {
        guard let domain = try domain(name, connection), try domain.isActive() else { return }
        do throws(LibvirtError) {
            try domain.destroy()
        } catch {
            guard try domain.isActive() else { return }
            throw error
        }
    }
}
