import PatchbayCore
import PatchbayHost

/// Asks again, right before a step is performed, whether it may take what it takes: the planner's own question, on the
/// devices, groups, uses and open nodes as they are now.
///
/// A disk may have been mounted, a route moved, a program started or a device added to the group between plan and write,
/// also where the device is on vfio-pci already. Giving a function back is stopped by nothing but a program that has it open.
package struct WriteCheck: Sendable {
    private let kernel: any Kernel
    private let hypervisor: any Hypervisor

    package init(_ kernel: any Kernel, _ hypervisor: any Hypervisor) {
        self.kernel = kernel
        self.hypervisor = hypervisor
    }

    /// The refusal; nil: the step may be performed. What cannot be read is no leave to take anything.
    package func callAsFunction(_ plan: Plan, _ step: Step) async -> Problem? {
        do throws(Problem) {
            let guests = try await guests(for: step)
            let named = guests.first { $0.name == step.vm }?.definedDevices ?? []
            let returned = step.returnedDevice.map { [$0] } ?? []
            let devices = Set(plan.devices(takenBy: step) + named + returned)
            guard !devices.isEmpty else { return nil }
            var inventory = try await kernel.inventory(deciding: devices)
            let units = inventory.units(of: devices.sorted(), as: plan.change.chosen)
            let deciding = inventory.devices(deciding: units)
            let holders = try await kernel.programs(holding: deciding)
            inventory.replaceHolders(of: deciding, by: holders)
            let planner = Planner(inventory: inventory, usage: Usage(domains: guests))
            do throws(Problem) { try planner.requireMayPerform(step, of: plan) } catch {
                return error.naming(holders.all.filter(\.isObstacle))
            }
            return nil
        } catch {
            return step.returnedDevice == nil ? error : nil
        }
    }

    /// Before the kernel's steps the open nodes of guests tell which of them has a function. The VM that is to start takes
    /// what its definition names as well.
    private func guests(for step: Step) async throws(Problem) -> [Domain] {
        switch step {
        case .plug, .attach: return try await hypervisor.domains().compactMap(\.asItRuns)
        case .startVM(let vm): return try await hypervisor.domains().compactMap { $0.name == vm ? $0 : $0.asItRuns }
        case .loadModule, .unbind, .setOverride, .probe, .unbindInterface, .bindInterface, .defineVM, .undefineVM,
            .unplug, .detach, .seat, .unseat, .resetVM, .stopVM:
            return []
        }
    }
}

extension Domain {
    /// With what it has now; nil: it is off. What a definition only names is the server's to weigh, which knows whose it is.
    fileprivate var asItRuns: Domain? {
        guard isUp else { return nil }
        var domain = self
        domain.definedDevices = []
        return domain
    }
}

extension Problem {
    /// With how each of these is made to let go, before anything else that could be done.
    fileprivate func naming(_ holders: [DeviceHolder]) -> Problem {
        guard code == .inUse, !holders.isEmpty else { return self }
        var problem = self
        var seen: Set<NextStep> = []
        let sorted = holders.sorted { ($0.pid, $0.node) < ($1.pid, $1.node) }
        problem.next = (sorted.flatMap(\.release).map { NextStep($0) } + next).filter { seen.insert($0).inserted }
        return problem
    }
}
