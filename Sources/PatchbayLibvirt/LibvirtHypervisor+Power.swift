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

    package func stop(_ name: String, timeoutSeconds: Int, force: Bool) async throws(Problem) {
        let connection = try await link.connected()
        let events = connection.lifecycle.events()
        guard try await press(name) else { return }
        if !force { await Self.waitForEnd(of: name, events, timeoutSeconds: timeoutSeconds) }
        try await change("\(name) could not be ended.", on: power) { connection in
            try Self.end(name, connection)
        }
    }

    /// Asks the guest to power off.
    ///
    /// - Returns: false when it is off already.
    private func press(_ name: String) async throws(Problem) -> Bool {
        try await change("\(name) could not be asked to power off.", on: power) { connection in
            let domain = try Self.find(name, connection)
            guard try domain.isActive() else { return false }
            do throws(LibvirtError) {
                try domain.shutDown()
            } catch {
                // A guest that cannot be asked, because it is paused or has crashed, is ended when the time is over.
                guard try domain.isActive() else { return false }
            }
            return true
        }
    }

    private static func waitForEnd(of name: String, _ events: AsyncStream<LifecycleEvent>, timeoutSeconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in events where event.name == name && event.kind == .stopped { return }
            }
            group.addTask { try? await Task.sleep(for: .seconds(timeoutSeconds)) }
            await group.next()
            group.cancelAll()
        }
    }

    private static func end(_ name: String, _ connection: LibvirtConnection) throws {
        let domain: LibvirtDomain
        do throws(LibvirtError) {
            domain = try connection.domain(named: name)
        } catch  where error.code == .noDomain {
            return  // A transient domain is gone when it has stopped.
        }
        guard try domain.isActive() else { return }
        do throws(LibvirtError) {
            try domain.destroy()
        } catch {
            guard try domain.isActive() else { return }
            throw error
        }
    }
}
