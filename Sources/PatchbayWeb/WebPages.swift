import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore

/// The web door: pages, fragments of pages, forms and assets over any `PatchbayService`.
///
/// Every page works without JavaScript. `/fragments/…` answers the content of the page at `/…` without what is around it.
package struct WebPages<Guard: FormGuard>: Sendable {
    let maker: PageMaker
    let gate: Guard
    /// Milliseconds since 1970-01-01T00:00:00Z.
    let now: @Sendable () -> Int

    package init(service: any PatchbayService, forms: Guard, now: @escaping @Sendable () -> Int) {
        self.maker = PageMaker(service: service)
        self.gate = forms
        self.now = now
    }

    package func add(to router: some RouterMethods<Guard.Context>) {
        addAssets(to: router)
        addAccess(to: router)
        addPages(to: router)
        addForms(to: router)
    }

    // MARK: Pages

    private func addPages(to router: some RouterMethods<Guard.Context>) {
        let maker = maker
        page("/", router) { visit, _ async throws(Problem) in try await maker.bay(visit) }
        page("/devices", router) { visit, _ async throws(Problem) in try await maker.deviceList(visit) }
        page("/devices/:host/:address", router) { visit, path async throws(Problem) in
            try await maker.device(visit, host: path["host"], address: path["address"])
        }
        page("/passthrough", router) { visit, _ async throws(Problem) in try await maker.passthrough(visit) }
        page("/hosts", router) { visit, _ async throws(Problem) in try await maker.hostList(visit) }
        page("/hosts/:host", router) { visit, path async throws(Problem) in
            try await maker.host(visit, name: path["host"])
        }
        page("/vms", router) { visit, _ async throws(Problem) in try await maker.vmList(visit) }
        page("/vms/new", router) { visit, _ async throws(Problem) in try await maker.newVM(visit) }
        page("/vms/:vm", router) { visit, path async throws(Problem) in try await maker.vm(visit, name: path["vm"]) }
        page("/vms/:vm/console", router) { visit, path async throws(Problem) in
            try await maker.vmConsole(visit, name: path["vm"])
        }
        page("/pools", router) { visit, _ async throws(Problem) in try await maker.poolList(visit) }
        page("/pools/new", router) { visit, _ async throws(Problem) in try await maker.newPool(visit) }
        page("/pools/:pool", router) { visit, path async throws(Problem) in
            try await maker.pool(visit, name: path["pool"])
        }
        page("/pools/:pool/rules", router) { visit, path async throws(Problem) in
            try await maker.newRule(visit, pool: path["pool"])
        }
        page("/pools/:pool/rules/:rule", router) { visit, path async throws(Problem) in
            try await maker.rule(visit, pool: path["pool"], rule: path["rule"])
        }
        page("/claims", router) { visit, _ async throws(Problem) in try await maker.claimList(visit) }
        page("/claims/new", router) { visit, _ async throws(Problem) in try await maker.newClaim(visit) }
        page("/claims/:claim", router) { visit, path async throws(Problem) in
            try await maker.claim(visit, id: path["claim"])
        }
        page("/whatif", router) { visit, _ async throws(Problem) in try await maker.whatIf(visit) }
        page("/plans", router) { visit, _ async throws(Problem) in try await maker.planList(visit) }
        page("/plans/:plan", router) { visit, path async throws(Problem) in
            try await maker.plan(visit, id: path["plan"])
        }
        page("/store", router) { visit, _ async throws(Problem) in try await maker.stored(visit) }
        page("/events", router) { visit, _ async throws(Problem) in try await maker.events(visit) }
        page("/keys", router) { visit, _ async throws(Problem) in try await maker.keys(visit) }
        get("/devices/open", router) { request, context in
            let visit = await visit(request, context)
            do throws(Problem) {
                return redirect(to: try await maker.deviceLink(visit))
            } catch {
                return problem(error, visit)
            }
        }
    }

    // MARK: Forms

    private func addForms(to router: some RouterMethods<Guard.Context>) {
        let maker = maker
        form("/connect", router) { visit, fields, _ async throws(Problem) in try await maker.connect(visit, fields) }
        form("/disconnect", router) { visit, fields, _ async throws(Problem) in
            try await maker.disconnect(visit, fields)
        }
        form("/passthrough", router) { visit, fields, _ async throws(Problem) in
            try await maker.makePassthrough(visit, fields)
        }
        form("/devices/:host/:address/prepare", router) { visit, fields, path async throws(Problem) in
            try await maker.prepare(visit, fields, host: path["host"], address: path["address"])
        }
        form("/devices/:host/:address/release", router) { visit, fields, path async throws(Problem) in
            try await maker.release(visit, fields, host: path["host"], address: path["address"])
        }
        form("/devices/:host/:address/return", router) { visit, fields, path async throws(Problem) in
            try await maker.giveBack(visit, fields, host: path["host"], address: path["address"])
        }
        form("/hosts/:host/remove", router) { visit, fields, path async throws(Problem) in
            try await maker.removeHost(visit, fields, name: path["host"])
        }
        form("/hosts/:host/accept", router) { visit, fields, path async throws(Problem) in
            try await maker.acceptHost(visit, fields, name: path["host"])
        }
        form("/hosts/:host/refresh", router) { visit, fields, path async throws(Problem) in
            try await maker.refresh(visit, fields, name: path["host"])
        }
        form("/hosts/:host/settings", router) { visit, fields, path async throws(Problem) in
            try await maker.editHost(visit, fields, name: path["host"])
        }
        form("/store/drop", router) { visit, fields, _ async throws(Problem) in
            try await maker.dropStored(visit, fields)
        }
        form("/plans/:plan/undo", router) { visit, fields, path async throws(Problem) in
            try await maker.undo(visit, fields, id: path["plan"])
        }
        form("/plans/:plan/cancel", router) { visit, fields, path async throws(Problem) in
            try await maker.cancel(visit, fields, id: path["plan"])
        }
        form("/plans/:plan/retry", router) { visit, fields, path async throws(Problem) in
            try await maker.retry(visit, fields, id: path["plan"])
        }
        form("/plans/:plan/resolve", router) { visit, fields, path async throws(Problem) in
            try await maker.resolve(visit, fields, id: path["plan"])
        }
        addVMForms(to: router)
        addPoolForms(to: router)
        addClaimForms(to: router)
    }

    private func addClaimForms(to router: some RouterMethods<Guard.Context>) {
        let maker = maker
        form("/claims", router) { visit, fields, _ async throws(Problem) in
            try await maker.createClaim(visit, fields)
        }
        form("/claims/:claim/release", router) { visit, fields, path async throws(Problem) in
            try await maker.releaseClaim(visit, fields, id: path["claim"])
        }
        form("/claims/:claim/renew", router) { visit, fields, path async throws(Problem) in
            try await maker.renewClaim(visit, fields, id: path["claim"])
        }
    }

    private func addVMForms(to router: some RouterMethods<Guard.Context>) {
        let maker = maker
        form("/vms", router) { visit, fields, _ async throws(Problem) in try await maker.createVM(visit, fields) }
        form("/vms/:vm/attach", router) { visit, fields, path async throws(Problem) in
            try await maker.attach(visit, fields, vm: path["vm"])
        }
        form("/vms/:vm/detach", router) { visit, fields, path async throws(Problem) in
            try await maker.detach(visit, fields, vm: path["vm"])
        }
        form("/vms/:vm/confirm-off", router) { visit, fields, path async throws(Problem) in
            try await maker.confirmOff(visit, fields, vm: path["vm"])
        }
        for verb in PowerVerb.allCases {
            form("/vms/:vm/\(verb.rawValue)", router) { visit, fields, path async throws(Problem) in
                try await maker.power(visit, fields, vm: path["vm"], verb)
            }
        }
    }

    private func addPoolForms(to router: some RouterMethods<Guard.Context>) {
        let maker = maker
        form("/pools", router) { visit, fields, _ async throws(Problem) in try await maker.createPool(visit, fields) }
        form("/pools/:pool/edit", router) { visit, fields, path async throws(Problem) in
            try await maker.editPool(visit, fields, name: path["pool"])
        }
        form("/pools/:pool/delete", router) { visit, fields, path async throws(Problem) in
            try await maker.deletePool(visit, fields, name: path["pool"])
        }
        form("/pools/:pool/attach", router) { visit, fields, path async throws(Problem) in
            try await maker.attachFromPool(visit, fields, name: path["pool"])
        }
        form("/pools/:pool/rules", router) { visit, fields, path async throws(Problem) in
            try await maker.saveRule(visit, fields, pool: path["pool"], old: nil)
        }
        form("/pools/:pool/rules/:rule", router) { visit, fields, path async throws(Problem) in
            try await maker.saveRule(visit, fields, pool: path["pool"], old: path["rule"])
        }
        form("/pools/:pool/rules/:rule/toggle", router) { visit, fields, path async throws(Problem) in
            try await maker.toggleRule(visit, fields, pool: path["pool"], rule: path["rule"])
        }
        form("/pools/:pool/rules/:rule/delete", router) { visit, fields, path async throws(Problem) in
            try await maker.deleteRule(visit, fields, pool: path["pool"], rule: path["rule"])
        }
    }
}
