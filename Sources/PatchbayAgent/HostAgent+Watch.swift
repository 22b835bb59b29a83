import PatchbayCore
import PatchbayHost

extension HostAgent {
    func watchKernel() async {
        var backoff = timing.retry
        while !Task.isCancelled {
            for await change in kernel.changes() {
                backoff.reset()
                // What a guest has of USB devices is told by where they are plugged in.
                want(Wanted(inventory: change, domains: change.isEverything || change.parts.contains(.usb)))
            }
            await pause(&backoff)
        }
    }

    /// The stream ends with the connection; every new one starts with a look, because events were missed.
    func watchHypervisor() async {
        var backoff = timing.retry
        while !Task.isCancelled {
            for await _ in hypervisor.changes() {
                backoff.reset()
                want(Wanted(domains: true))
            }
            await pause(&backoff)
            if !Task.isCancelled { want(Wanted(domains: true)) }
        }
    }

    /// The safety net under both streams of events.
    func lookNowAndThen() async {
        await withDiscardingTaskGroup { group in
            if let interval = timing.domainsEvery {
                group.addTask { await self.repeatedly(interval, Wanted(domains: true)) }
            }
            if let interval = timing.inventoryEvery {
                group.addTask { await self.repeatedly(interval, Wanted(inventory: .everything)) }
            }
            if let interval = timing.programsEvery {
                let programs = HostChange(parts: [.programs])
                group.addTask { await self.repeatedly(interval, Wanted(inventory: programs)) }
            }
            group.addTask { await self.lookAgainAtPrograms() }
            if let interval = timing.surveyEvery {
                group.addTask { await self.repeatedly(interval, Wanted(survey: true)) }
            }
        }
    }

    /// A program that has a device open for the first time is told when it still has it a moment later.
    private func lookAgainAtPrograms() async {
        for await _ in newcomers {
            await pause(timing.programsAgain)
            if !Task.isCancelled { want(Wanted(inventory: HostChange(parts: [.programs]))) }
        }
    }

    private func repeatedly(_ interval: Duration, _ what: Wanted) async {
        while !Task.isCancelled {
            await pause(interval)
            if !Task.isCancelled { want(what) }
        }
    }
}
